import { expect, vi } from 'vitest';
import { createApi, type Api } from '../../src/lib/sync/api.ts';
import type { BoardId, ItemId, TeamId } from '../../src/lib/workflow/ids.ts';
import { openDatabase } from '../../server/persistence/database.ts';
import { boardsBehind } from '../../server/persistence/log-cursor.ts';
import { given } from '../integration/browser-sync/real-server.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { creating } from './asking.ts';
import { BatonNode, ORIGIN } from './baton-node.ts';
import { FaultClient, type Account } from './fault-client.ts';
import { findFaults, headOf } from './ledger.ts';

const PASSWORD = 'correct horse battery staple';
/** Within it, after the last fault, every command has its verdict and everybody is at the head (I11). */
export const SETTLED_MS_MAX = 10_000;
/** Two looks of the bell at what it has missed. */
const TOLD_MS_MAX = 12_000;

const TEAM_OF = {
  alice: 'Sales',
  erin: 'Sales',
  bob: 'Legal',
  dora: 'Legal',
  carol: 'Provisioning',
} as const;
export type PersonName = keyof typeof TEAM_OF;

/** One board on a real Postgres, one or more real server processes, and people whose lines and servers fail. */
export class Fleet {
  readonly nodes: readonly BatonNode[];
  readonly database: TestDatabase;
  readonly boardId: BoardId;
  readonly #accounts: ReadonlyMap<PersonName, Account>;
  readonly #clients: FaultClient[] = [];

  private constructor(
    nodes: readonly BatonNode[],
    database: TestDatabase,
    board: { id: BoardId; accounts: ReadonlyMap<PersonName, Account> },
  ) {
    this.nodes = nodes;
    this.database = database;
    this.boardId = board.id;
    this.#accounts = board.accounts;
  }

  /** `postgresUrl`: of the maintenance database of a server. */
  static async open(postgresUrl: string, nodeCount: number): Promise<Fleet> {
    const database = await createDatabase(postgresUrl);
    const first = await BatonNode.start(database.url);
    const board = await makeBoard(first);
    const others = Array.from({ length: nodeCount - 1 }, () => BatonNode.start(database.url));
    return new Fleet([first, ...(await Promise.all(others))], database, board);
  }

  node(index: number): BatonNode {
    const node = this.nodes[index];
    if (!node) throw new Error(`There is no node ${String(index)}.`);
    return node;
  }

  /** A browser of this person at one node, that may never become live. */
  async arriving(name: PersonName, node = this.node(0)): Promise<FaultClient> {
    const account = this.#accounts.get(name);
    if (!account) throw new Error(`${name} is nobody here.`);
    const client = await FaultClient.open(account, this.boardId, node);
    this.#clients.push(client);
    return client;
  }

  /** A browser of this person at one node, once it is live. */
  async client(name: PersonName, node = this.node(0)): Promise<FaultClient> {
    const client = await this.arriving(name, node);
    await vi.waitFor(() => expect(client.board.status.kind).toBe('live'), {
      timeout: SETTLED_MS_MAX,
      interval: 20,
    });
    return client;
  }

  /** alice of Sales and bob of Legal, both live, and an item that alice has made and both have. */
  async twoOnOneItem(): Promise<{ alice: FaultClient; bob: FaultClient; itemId: ItemId }> {
    const [alice, bob] = [await this.client('alice'), await this.client('bob')];
    const made = creating(alice);
    await alice.ask(made);
    await this.expectSettled();
    return { alice, bob, itemId: made.itemId };
  }

  get clients(): readonly FaultClient[] {
    return this.#clients;
  }

  /**
   * The faults are over: in time every command has a verdict and everybody shows the head of the log (I11). Then the
   * whole is held against what each was told. Gives how long it took.
   */
  async expectSettled(lastFaultAt = performance.now()): Promise<number> {
    const open = await openDatabase({ kind: 'postgres', url: this.database.url });
    try {
      const unsettled = async () => {
        const head = await headOf(open, this.boardId);
        return this.#clients.flatMap((client) => waitsFor(client, head));
      };
      const timeout = Math.max(1, lastFaultAt + SETTLED_MS_MAX - performance.now());
      await vi.waitFor(async () => expect(await unsettled()).toEqual([]), { timeout, interval: 25 });
      const tookMs = performance.now() - lastFaultAt;
      // Away from the commits, and so in its own time: at the latest with its next look.
      const untold = () => boardsBehind(open.db, 'bell');
      await vi.waitFor(async () => expect(await untold()).toEqual([]), {
        timeout: TOLD_MS_MAX,
        interval: 100,
      });
      expect(await findFaults(open, this.boardId, this.#clients)).toEqual([]);
      return tookMs;
    } catch (error) {
      for (const { isRunning, output } of this.nodes)
        process.stderr.write(
          `A node that ${isRunning ? 'runs' : 'has ended'} wrote:\n${output.slice(-4_000)}\n`,
        );
      throw error;
    } finally {
      await open.close();
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
    for (const node of this.nodes) await node.dispose();
    await this.database.drop();
  }
}

function waitsFor(client: FaultClient, head: number): string[] {
  const { account, board, pending, seq } = client;
  const waits: string[] = [];
  if (board.status.kind !== 'live') waits.push(`${account.name} is ${board.status.kind}.`);
  if (pending.length > 0) waits.push(`${account.name} waits for ${String(pending.length)} verdicts.`);
  if (seq !== head) waits.push(`${account.name} is at ${String(seq)} of ${String(head)}.`);
  if (board.outbox.some(({ state }) => state.kind !== 'refused'))
    waits.push(`${account.name} keeps commands.`);
  return waits;
}

async function makeBoard(
  node: BatonNode,
): Promise<{ id: BoardId; accounts: ReadonlyMap<PersonName, Account> }> {
  const ada = apiAt(node);
  const token = await node.setupToken();
  await given(ada.api.setUp({ token, name: 'Ada', email: 'ada@example.org', password: PASSWORD }));
  const { id } = await given(
    ada.api.createBoard({ name: 'Onboarding', templateId: 'customer-onboarding', withSamples: false }),
  );
  const { teams } = await given(ada.api.people(id));
  const accounts = new Map<PersonName, Account>();
  for (const name of Object.keys(TEAM_OF) as PersonName[]) {
    const teamId = teams.find((team) => team.name === TEAM_OF[name])?.id as TeamId;
    const { url } = await given(ada.api.createInvite(id, { teamId, role: 'member' }));
    const own = apiAt(node);
    const email = `${name}@example.org`;
    const inviteToken = url.slice(url.indexOf('#') + 1);
    await given(own.api.acceptInvite({ token: inviteToken, name, email, password: PASSWORD }));
    const { user } = await given(own.api.session());
    if (!user) throw new Error(`${name} is not signed in.`);
    accounts.set(name, { name, user, cookie: own.cookie() });
  }
  return { id, accounts };
}

/** What a browser does by itself: it keeps the cookie, and says where a request comes from. */
function apiAt(node: BatonNode): { api: Api; cookie: () => string } {
  let cookie = '';
  const send: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('origin', ORIGIN);
    if (cookie !== '') headers.set('cookie', cookie);
    const response = await fetch(input, { ...init, headers });
    for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? '';
    return response;
  };
  return {
    api: createApi({ origin: `http://127.0.0.1:${String(node.port)}`, fetch: send }),
    cookie: () => cookie,
  };
}
