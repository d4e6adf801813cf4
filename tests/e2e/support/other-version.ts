import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What a server runs on, and what the pages are built from. */
const SOURCES = ['server', 'src', 'migrations', 'static', 'package.json', 'tsconfig.json'];
const BUILD_SETTINGS = ['svelte.config.js', 'vite.config.ts', '.config/joined-chunks.ts'];
const DESCRIPTION = 'A live swimlane board for work that crosses teams.';

/** This app once more in a folder of its own, as another version whose pages say so in their description. */
export class OtherVersion {
  readonly description: string;
  readonly #folder: string;

  private constructor(folder: string, description: string) {
    this.#folder = folder;
    this.description = description;
  }

  get mainFile(): string {
    return join(this.#folder, 'server/main.ts');
  }

  /** The same sources; of the build only the page and the worker differ, as after a small change. */
  static async ofSameProtocol(): Promise<OtherVersion> {
    const version = await this.#copy('The next Baton', [...SOURCES, 'build']);
    const { version: built } = JSON.parse(
      await readFile(join(version.#folder, 'build/_app/version.json'), 'utf8'),
    ) as { version: string };
    await version.#replace('build/200.html', DESCRIPTION, version.description);
    await version.#replace('build/service-worker.js', built, `${built}1`);
    return version;
  }

  /** Really built, with another number in hello on both sides. Takes some ten seconds. */
  static async ofNextProtocol(): Promise<OtherVersion> {
    const version = await this.#copy('Baton of the next protocol', [...SOURCES, ...BUILD_SETTINGS]);
    await version.#replace('src/app.html', DESCRIPTION, version.description);
    await version.#replace(
      'src/lib/protocol/version.ts',
      `PROTOCOL_VERSION = ${PROTOCOL_VERSION}`,
      `PROTOCOL_VERSION = ${PROTOCOL_VERSION + 1}`,
    );
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
    await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'error'], {
      cwd: version.#folder,
    });
    return version;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  static async #copy(description: string, names: readonly string[]): Promise<OtherVersion> {
    const folder = await mkdtemp(join(tmpdir(), 'baton-version-'));
    for (const name of names) await cp(join(ROOT, name), join(folder, name), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return new OtherVersion(folder, description);
  }

  async #replace(file: string, old: string, next: string): Promise<void> {
    const path = join(this.#folder, file);
    const text = await readFile(path, 'utf8');
    if (!text.includes(old)) throw new Error(`${file} does not say "${old}".`);
    await writeFile(path, text.replaceAll(old, next));
  }
}

export async function isVersion(page: Page, { description }: OtherVersion): Promise<void> {
  await expect.poll(() => descriptionOf(page), { timeout: 20_000 }).toBe(description);
}

/** Of the page as it is loaded now; null while it is being loaded. */
export async function descriptionOf(page: Page): Promise<string | null> {
  const read = () => document.querySelector('meta[name=description]')?.getAttribute('content') ?? null;
  return await page.evaluate(read).catch(() => null);
}
