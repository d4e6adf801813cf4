import {
  test as base,
  expect,
  type Browser as Chromium,
  type BrowserContext,
  type Page,
} from '@playwright/test';
import type { BoardId, ItemId, TeamId } from '#lib/workflow/ids.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { VerdictMessage } from '#lib/protocol/messages.ts';
import type { CreateBoardAnswer, CreateInviteAnswer, PeopleAnswer } from '#lib/protocol/api.ts';
import { Browser as ApiBrowser } from '../../integration/http/browser.ts';
import type { FaultProxy } from '../../support/fault-proxy.ts';
import { BatonServer } from './baton-server.ts';
import { startServer } from './shared-postgres.ts';

export const PASSWORD = 'a long enough password';

/** A person with a browser of their own, signed in, and the same session as an API client. */
export interface Person {
  readonly name: string;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly api: ApiBrowser;
}

export interface PersonOptions {
  readonly role?: 'viewer' | 'member' | 'lead';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** What lies between this person's browser and the server. */
  readonly line?: FaultProxy;
}

export interface WorkspaceOptions {
  /** On the embedded database, which it makes first; else on Postgres. */
  readonly isEmbedded?: boolean;
  readonly withSamples?: boolean;
  readonly templateId?: string;
}

/**
 * A real server with one board, of customer onboarding if nothing else is asked for: Sales, Legal, Provisioning,
 * Support. ada is its admin. The rest is done through the pages; what a test is not about is set up through the API.
 */
export class Workspace {
  readonly server: BatonServer;
  readonly boardId: BoardId;
  readonly teams: Readonly<Record<string, TeamId>>;
  readonly admin: ApiBrowser;
  readonly #chromium: Chromium;
  readonly #contexts: BrowserContext[] = [];

  private constructor(
    server: BatonServer,
    board: { id: BoardId; teams: Record<string, TeamId> },
    admin: ApiBrowser,
    chromium: Chromium,
  ) {
    this.server = server;
    this.boardId = board.id;
    this.teams = board.teams;
    this.admin = admin;
    this.#chromium = chromium;
  }

  static async open(chromium: Chromium, options: WorkspaceOptions = {}): Promise<Workspace> {
    const server = await (options.isEmbedded === true ? BatonServer.startEmbedded() : startServer());
    const admin = apiBrowser(server);
    const token = new URL(await server.setupLink()).hash.slice(1);
    ok(
      await admin.post('/api/v1/setup', { token, name: 'Ada', email: 'ada@example.com', password: PASSWORD }),
    );
    const board = {
      name: 'Customer onboarding',
      templateId: options.templateId ?? 'customer-onboarding',
      withSamples: options.withSamples ?? false,
    };
    const { id } = ok(await admin.post<CreateBoardAnswer>('/api/v1/boards', board));
    const people = ok(await admin.get<PeopleAnswer>(`/api/v1/boards/${id}/people`));
    const teams = Object.fromEntries(people.teams.map((team) => [team.name, team.id]));
    return new Workspace(server, { id, teams }, admin, chromium);
  }

  get boardUrl(): string {
    return `${this.server.origin}/b/${this.boardId}`;
  }

  itemUrl(itemId: ItemId): string {
    return `${this.boardUrl}/items/${itemId}`;
  }

  /** Somebody who has followed an invite, in a browser of their own, with the board open. */
  async person(name: string, team: string, options: PersonOptions = {}): Promise<Person> {
    const url = await this.inviteTo(team, options.role);
    const api = apiBrowser(this.server);
    const token = new URL(url).hash.slice(1);
    const email = `${name.toLowerCase()}@example.com`;
    ok(await api.post('/api/v1/invites/accept', { token, name, email, password: PASSWORD }));
    const context = await this.#chromium.newContext({
      viewport: options.viewport ?? { width: 1440, height: 900 },
      ...(options.line && { proxy: { server: options.line.socksUrl } }),
    });
    this.#contexts.push(context);
    const [cookieName = '', value = ''] = api.cookie.split('=');
    await context.addCookies([
      { name: cookieName, value, url: this.server.origin, httpOnly: true, sameSite: 'Lax' },
    ]);
    const page = await context.newPage();
    await page.goto(this.boardUrl);
    await expect(page.getByText('Live', { exact: true })).toBeVisible();
    return { name, context, page, api };
  }

  /** The address by which somebody joins the team. */
  async inviteTo(team: string, role: PersonOptions['role'] = 'member'): Promise<string> {
    const body = { teamId: this.teams[team], role };
    const path = `/api/v1/boards/${this.boardId}/invites`;
    return ok(await this.admin.post<CreateInviteAnswer>(path, body)).url;
  }

  /** Somebody without an account, who came by the board's address. */
  async stranger(options: { viewport: { width: number; height: number } }): Promise<Page> {
    const context = await this.#chromium.newContext(options);
    this.#contexts.push(context);
    const page = await context.newPage();
    await page.goto(this.boardUrl);
    return page;
  }

  /** One command through the API, in somebody's name. */
  async command(
    person: { api: ApiBrowser },
    command: Omit<Command, 'id'> & Record<string, unknown>,
  ): Promise<VerdictMessage> {
    const body = { id: crypto.randomUUID(), ...command };
    return ok(await person.api.post<VerdictMessage>(`/api/v1/boards/${this.boardId}/commands`, body));
  }

  /** Closes the browsers, stops the server and audits its log, rows and documents. */
  async close(): Promise<void> {
    try {
      for (const context of this.#contexts) await context.close();
      await this.server.audit();
    } finally {
      await this.server.stop();
      await this.server.removeData();
    }
  }
}

function apiBrowser(server: BatonServer): ApiBrowser {
  return new ApiBrowser((path, init) => fetch(server.origin + path, init), server.origin);
}

function ok<Body>(answer: { status: number; body: Body }): Body {
  if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The card with this title, wherever it is drawn. */
export function card(page: Page, title: string) {
  return page.getByRole('article', { name: title });
}

export const test = base.extend<{ workspace: Workspace }>({
  workspace: async ({ browser }, use) => {
    const workspace = await Workspace.open(browser);
    await use(workspace);
    await workspace.close();
  },
});

/** The same with the sample items of the workflow, spread over all lanes. */
export const sampleWorkspaceTest = base.extend<{ workspace: Workspace }>({
  workspace: async ({ browser }, use) => {
    const workspace = await Workspace.open(browser, { withSamples: true });
    await use(workspace);
    await workspace.close();
  },
});

export { expect };
