import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../support/chromium.ts';
import type { BatonSubject } from '../baton-subject.ts';
import { addProbe } from './probe.ts';

const VIEWPORT = { width: 1440, height: 900 };

export interface Opening {
  readonly atMs: number;
  readonly processorMs: number;
  /** Addresses of all scripts that had been loaded when the first cards were drawn. */
  readonly scripts: readonly string[];
}

/** Somebody with a browser of their own, whose profile lies on the disk as anybody's does. */
export class Visitor {
  readonly context: BrowserContext;
  readonly #folder: string;
  readonly #origin: string;

  /** Signed in, and nothing in its caches. */
  static async arrive(baton: BatonSubject): Promise<Visitor> {
    const folder = await mkdtemp(join(tmpdir(), 'baton-bench-ui-'));
    const isRoot = process.getuid?.() === 0;
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: findChromium(),
      viewport: VIEWPORT,
      // Chromium's sandbox does not work for root, which is what containers often are.
      args: isRoot ? ['--no-sandbox'] : [],
    });
    // The last one: the first ones are those who make changes.
    const user = baton.users.at(-1);
    if (!user) throw new Error('There are no people.');
    const origin = `http://localhost:${baton.port}`;
    await context.addCookies([
      {
        name: `baton_session_${baton.port}`,
        value: user.token,
        url: origin,
        httpOnly: true,
        sameSite: 'Lax',
      },
    ]);
    return new Visitor(context, folder, origin);
  }

  private constructor(context: BrowserContext, folder: string, origin: string) {
    this.context = context;
    this.#folder = folder;
    this.#origin = origin;
  }

  /** A new tab on the board. Does not wait for anything but the page itself. */
  async open(boardId: string): Promise<Page> {
    const page = await this.context.newPage();
    await addProbe(page);
    await page.goto(`${this.#origin}/b/${boardId}`, { waitUntil: 'commit' });
    return page;
  }

  /** The same board as its displays see it. */
  async openWall(boardId: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(`${this.#origin}/wall?board=${boardId}`, { waitUntil: 'commit' });
    return page;
  }

  /** As `open`, until the board answers. `processorMs`: of the page's main thread, whatever else the machine does. */
  async openTimed(boardId: string): Promise<Opening> {
    const page = await this.context.newPage();
    await addProbe(page);
    const session = await this.context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(`${this.#origin}/b/${boardId}`, { waitUntil: 'commit' });
    const interactive = await page.evaluate(() => window.probe.interactive);
    const { metrics } = await session.send('Performance.getMetrics');
    await page.close();
    const thread = metrics.find(({ name }) => name === 'ThreadTime');
    return { ...interactive, processorMs: Math.round((thread?.value ?? 0) * 1_000) };
  }

  async leave(): Promise<void> {
    await this.context.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export async function isLive(page: Page): Promise<void> {
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 });
}
