// First: it puts IndexedDB where y-indexeddb looks for it.
import 'fake-indexeddb/auto';
import { isDeepStrictEqual } from 'node:util';
import { boardMeta, itemsFromDocument } from '../../src/lib/board/document.ts';
import type { VerdictMessage } from '../../src/lib/protocol/messages.ts';
import { BoardSession } from '../../src/lib/sync/board-session.ts';
import type { SyncEnvironment } from '../../src/lib/sync/environment.ts';
import { ItemSession } from '../../src/lib/sync/item-session.ts';
import type { Command } from '../../src/lib/workflow/commands.ts';
import type { BoardId, CommandId, ItemId, UserId } from '../../src/lib/workflow/ids.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { ORIGIN, type BatonNode } from './baton-node.ts';
import { recordedSocket } from './recorded-socket.ts';

export interface Account {
  readonly name: string;
  readonly user: { readonly id: UserId; readonly name: string };
  readonly cookie: string;
}

/** One person's browser, on a line of its own, with a record of all it asked for and all it was told. */
export class FaultClient {
  readonly account: Account;
  readonly line: FaultProxy;
  readonly boardId: BoardId;
  readonly issued: Command[] = [];
  readonly told = new Map<CommandId, VerdictMessage>();
  /** When the last verdict came, by the monotonic clock. */
  lastToldAt = 0;
  readonly closeCodes: number[] = [];
  /** What must never be: one sentence each. */
  readonly faults: string[] = [];
  readonly #items = new Set<ItemSession>();
  #board: BoardSession | null = null;
  #seenSeq = 0;

  private constructor(account: Account, boardId: BoardId, line: FaultProxy) {
    this.account = account;
    this.boardId = boardId;
    this.line = line;
  }

  static async open(account: Account, boardId: BoardId, node: BatonNode): Promise<FaultClient> {
    const line = await FaultProxy.start({ port: node.port });
    const client = new FaultClient(account, boardId, line);
    const { user } = account;
    const { environment } = client;
    client.#board = await BoardSession.open({
      boardId,
      user,
      origin: ORIGIN,
      now: () => Date.now(),
      environment,
    });
    client.#board.subscribe(() => client.#look());
    return client;
  }

  get board(): BoardSession {
    if (!this.#board) throw new Error('The board is not open.');
    return this.#board;
  }

  get environment(): Partial<SyncEnvironment> {
    const { cookie } = this.account;
    return {
      WebSocket: recordedSocket({
        cookie,
        port: this.line.port,
        heard: (verdict) => this.#hear(verdict),
        closed: (code) => this.closeCodes.push(code),
      }),
      fetch: (input, init) => {
        const url = new URL(input as string);
        url.hostname = '127.0.0.1';
        url.port = String(this.line.port);
        const headers = new Headers(init?.headers);
        headers.set('cookie', cookie);
        headers.set('origin', ORIGIN);
        return fetch(url, { ...init, headers });
      },
      indexedDB: globalThis.indexedDB,
      // Always a short wait: these tests wait for conditions.
      random: () => 0.05,
    };
  }

  /** Asks for it; resolves when the browser has kept it. */
  async ask(command: Command): Promise<Command> {
    this.issued.push(command);
    await this.board.dispatch(command);
    return command;
  }

  /** Commands of which nobody has said yet how they end. */
  get pending(): readonly Command[] {
    return this.issued.filter(({ id }) => !this.told.has(id));
  }

  get accepted(): readonly CommandId[] {
    return [...this.told.values()].filter(({ verdict }) => verdict === 'accepted').map(({ id }) => id);
  }

  get refused(): readonly CommandId[] {
    return [...this.told.values()].filter(({ verdict }) => verdict === 'refused').map(({ id }) => id);
  }

  get seq(): number {
    return boardMeta(this.board.document).seq;
  }

  /** As the document shows them, by number. */
  get items(): readonly Item[] {
    return [...itemsFromDocument(this.board.document)].sort((a, b) => a.number - b.number);
  }

  async openItem(itemId: ItemId): Promise<ItemSession> {
    const { environment } = this;
    const { user } = this.account;
    const session = await ItemSession.open({
      itemId,
      user,
      origin: ORIGIN,
      now: () => Date.now(),
      environment,
    });
    this.#items.add(session);
    return session;
  }

  async close(): Promise<void> {
    for (const session of this.#items) session.destroy();
    this.#board?.destroy();
    await this.line.stop();
  }

  #hear(verdict: VerdictMessage): void {
    this.lastToldAt = performance.now();
    const earlier = this.told.get(verdict.id);
    if (!earlier) this.told.set(verdict.id, verdict);
    else if (!isDeepStrictEqual(earlier, verdict))
      this.faults.push(`${this.account.name} was told ${JSON.stringify([earlier, verdict])} of one command.`);
  }

  /** What is shown never goes back (I9). */
  #look(): void {
    const { seq } = this;
    if (seq < this.#seenSeq)
      this.faults.push(`${this.account.name} saw ${String(this.#seenSeq)}, and then ${String(seq)}.`);
    this.#seenSeq = Math.max(this.#seenSeq, seq);
  }
}
