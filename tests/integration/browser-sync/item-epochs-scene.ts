import { randomUUID } from 'node:crypto';
import { expect, vi } from 'vitest';
import * as Y from 'yjs';
import { ItemDocumentStore } from '../../../server/persistence/item-document-store.ts';
import { COMPACT_FROM_BYTES, DOCUMENT_BYTES_MAX } from '../../../server/sync/item-document.ts';
import { IDLE_KEPT_MS } from '../../../server/sync/idle-rooms.ts';
import { BoardSession } from '../../../src/lib/sync/board-session.ts';
import { createApi, type Api } from '../../../src/lib/sync/api.ts';
import { ItemSession } from '../../../src/lib/sync/item-session.ts';
import { ItemsAhead } from '../../../src/lib/sync/items-ahead.ts';
import type { VerdictMessage } from '../../../src/lib/protocol/messages.ts';
import type { FactValue } from '../../../src/lib/workflow/definition.ts';
import type { ItemId, UserId } from '../../../src/lib/workflow/ids.ts';
import type { Role } from '../../../src/lib/workflow/state.ts';
import { BoardOnServer, userIdOf } from '../http/board.ts';
import type { Browser as ApiBrowser } from '../http/browser.ts';
import { TestServer } from '../http/test-server.ts';
import { Browser } from './browser.ts';

export const soon = { timeout: 15_000, interval: 20 };
export const TEXT = 'They sail on Friday.';
const FACTS = { title: 'Acme', product: 'Starter', specialTerms: 'none' };
/** Each leaves its own length behind, as deleted text. */
const LONG_TEXT = 'x'.repeat(100_000);
/** What is left to write before a document is full. */
const LEFT_BYTES = 2_000;
/** More than that. */
export const TOO_LONG = 'y'.repeat(3_000);

export interface Writer {
  readonly id: UserId;
  readonly browser: Browser;
  readonly api: Api;
  readonly http: ApiBrowser;
}

/** The whole server in this process, with people whose browsers run the real item sessions. */
export class EpochsScene {
  readonly server: TestServer;
  readonly board: BoardOnServer;
  readonly #url: string;
  readonly #clock: { skewMs: number };
  readonly #open = new Set<ItemSession>();
  readonly #writers: Writer[] = [];

  static async open(): Promise<EpochsScene> {
    const clock = { skewMs: 0 };
    const server = await TestServer.open(undefined, undefined, { now: () => Date.now() + clock.skewMs });
    const board = await BoardOnServer.make(server, await server.setUp());
    const url = `http://127.0.0.1:${String(await server.listen())}`;
    return new EpochsScene(server, board, { url, clock });
  }

  private constructor(
    server: TestServer,
    board: BoardOnServer,
    at: { readonly url: string; readonly clock: { skewMs: number } },
  ) {
    this.server = server;
    this.board = board;
    this.#url = at.url;
    this.#clock = at.clock;
  }

  async join(name: string, team: string, role: Role = 'member'): Promise<Writer> {
    const http = await this.board.join(name, team, role);
    const id = await userIdOf(http);
    const browser = new Browser({
      origin: this.server.deps.origin.url,
      user: { id, name },
      cookie: http.cookie,
    });
    // y-indexeddb knows the global one only; names of databases begin with the user's id.
    browser.indexedDB = globalThis.indexedDB;
    const send = browser.environment.fetch;
    if (!send) throw new Error('A browser can fetch.');
    const writer = { id, browser, http, api: createApi({ origin: this.#url, fetch: send }) };
    this.#writers.push(writer);
    return writer;
  }

  /** Ends what a test has opened. */
  leave(): void {
    for (const session of this.#open) session.destroy();
    this.#open.clear();
    for (const { browser } of this.#writers) {
      browser.close();
      browser.isOnline = true;
    }
  }

  async command({ http }: Writer, command: Record<string, unknown>): Promise<number> {
    const path = `/api/v1/boards/${this.board.id}/commands`;
    const { body } = await http.post<VerdictMessage>(path, { id: randomUUID(), ...command });
    if (body.verdict === 'refused') throw new Error(JSON.stringify(body));
    return body.seq;
  }

  /** An item whose document holds little that is seen and very much that was deleted: up to the cap, or enough to be worth a new epoch. */
  async filledItem(by: Writer, until: 'cap' | 'worthIt'): Promise<ItemId> {
    const itemId = randomUUID() as ItemId;
    const { id: workflowId, version: workflowVersion } = this.board.workflow;
    const created = { workflowId, workflowVersion, facts: FACTS, order: 'a0', basis: { seq: 0 } };
    await this.command(by, { type: 'createItem', itemId, ...created });
    const doc = new Y.Doc({ gc: false });
    expect(await this.#store.claimClients(itemId, by.id, [doc.clientID], 1)).toBe('ok');
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    doc.transact(() => {
      for (const [key, value] of Object.entries(FACTS)) doc.getMap('facts').set(key, value);
      doc.getText('description').insert(0, TEXT);
    });
    const bytes = until === 'cap' ? DOCUMENT_BYTES_MAX - LEFT_BYTES : 2 * COMPACT_FROM_BYTES;
    for (let left = bytes; left > 0; left -= LONG_TEXT.length) {
      const length = Math.min(left, LONG_TEXT.length);
      doc.getText('description').insert(4, LONG_TEXT.slice(0, length));
      doc.getText('description').delete(4, length);
    }
    for (const update of updates) await this.#store.append(itemId, by.id, update, 1);
    return itemId;
  }

  async openItem({ browser }: Writer, itemId: ItemId): Promise<ItemSession> {
    const { user, environment } = browser;
    const page = { user, origin: this.#url, environment };
    const session = await ItemSession.open({ itemId, now: () => Date.now(), ...page });
    this.#open.add(session);
    return session;
  }

  /** One round of it in this browser, with the board open; answers how many documents were written. */
  async fetchAhead({ browser, id: userId, api }: Writer): Promise<number> {
    const { user, environment } = browser;
    const now = () => Date.now();
    const page = { user, origin: this.#url, environment, now };
    const source = await BoardSession.open({ boardId: this.board.id, ...page });
    let stop = () => source.destroy();
    const written = new Promise<number>((resolve) => {
      const ahead = new ItemsAhead({ source, userId, api, now, onRound: resolve, environment });
      stop = () => {
        ahead.destroy();
        source.destroy();
      };
    });
    return await written.finally(() => stop());
  }

  close(session: ItemSession): void {
    session.destroy();
    this.#open.delete(session);
  }

  /** As time does it when nobody has the item open. */
  async renewUnused(itemId: ItemId): Promise<void> {
    const { rooms } = this.server.deps;
    const before = await this.epochOf(itemId);
    await vi.waitFor(async () => {
      this.#clock.skewMs += IDLE_KEPT_MS;
      await rooms.look();
      expect(await this.epochOf(itemId)).toBe(before + 1);
    }, soon);
  }

  async epochOf(itemId: ItemId): Promise<number> {
    return (await this.#store.heads([itemId])).get(itemId)?.epoch ?? 1;
  }

  /** What the server has stored, as people would see it. */
  async stored(itemId: ItemId): Promise<Content> {
    const doc = new Y.Doc({ gc: false });
    for (const { update } of (await this.#store.load(itemId)).updates) Y.applyUpdate(doc, update);
    return contentOf(doc);
  }

  /** All of them are live and show this, the server has stored it, and nobody has anything left to send. */
  async untilAllHave(itemId: ItemId, expected: Content, ...sessions: ItemSession[]): Promise<void> {
    await vi.waitFor(async () => {
      for (const session of sessions) {
        expect(contentOf(session.document)).toEqual(expected);
        expect([session.status.kind, session.isSaved]).toEqual(['live', true]);
      }
      expect(await this.stored(itemId)).toEqual(expected);
    }, soon);
  }

  get #store(): ItemDocumentStore {
    return new ItemDocumentStore(this.server.deps.database.db);
  }
}

export interface Content {
  readonly text: string;
  readonly facts: Readonly<Record<string, FactValue>>;
}

function contentOf(doc: Y.Doc): Content {
  const { pendingStructs, pendingDs } = doc.store;
  expect([pendingStructs, pendingDs]).toEqual([null, null]);
  return { text: doc.getText('description').toJSON(), facts: doc.getMap<FactValue>('facts').toJSON() };
}

/** The description with the first of these words written in place of the second one. */
export function replace(session: ItemSession, was: string, is: string): void {
  const at = session.description.toJSON().indexOf(was);
  if (at < 0) throw new Error(`“${was}” does not stand there.`);
  session.description.delete(at, was.length);
  session.description.insert(at, is);
}
