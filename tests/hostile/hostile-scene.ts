import { expect } from 'vitest';
import * as Y from 'yjs';
import { boardMeta } from '#lib/board/document.ts';
import { SYNC } from '#lib/protocol/frames.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import type { OpenDatabase } from '../../server/persistence/database.ts';
import { ItemDocumentStore } from '../../server/persistence/item-document-store.ts';
import { newId, type BoardNode } from '../contract/contract-board.ts';
import { StoredBoard } from '../contract/stored-board.ts';
import { RawClient } from '../integration/sync/clients.ts';
import { cookieOf, startSyncServer, type SyncServer } from '../integration/sync/sync-server.ts';
import type { Where } from './corpus.ts';
import type { Names } from './frame-notation.ts';

const BOB_CLIENT = 1_000;
const ROOTS = ['checklist', 'description', 'facts'];

/** What the server would tell somebody who comes now, byte by byte. */
export interface Picture {
  readonly board: Uint8Array;
  readonly item: Uint8Array;
}

/** bob and carol, who behave well, on one board and one item of a listening server, and the door for whoever does not. */
export class HostileScene {
  readonly #board: StoredBoard;
  readonly #server: SyncServer;
  readonly #itemId: ItemId;
  readonly #bob: { readonly board: RawClient; readonly item: RawClient };
  readonly #carol: { readonly board: RawClient; readonly item: RawClient };
  readonly #node: BoardNode;
  #changes = 0;

  static async open(database: OpenDatabase): Promise<HostileScene> {
    const board = await StoredBoard.create(database.db);
    const server = await startSyncServer(database);
    const node = await board.node();
    const created = node.creating();
    await server.rooms.submit(board.id, { command: created, actorId: board.people.alice });
    node.apply(await node.log.catchUp(node.state));
    const urls = { board: `${server.url}/board/${board.id}`, item: `${server.url}/item/${created.itemId}` };
    const join = async (name: 'bob' | 'carol') => {
      const cookie = cookieOf(board.people[name]);
      const [onBoard, onItem] = [RawClient.join(urls.board, cookie), RawClient.join(urls.item, cookie)];
      return { board: await onBoard, item: await onItem };
    };
    const bob = await join('bob');
    bob.item.doc.clientID = BOB_CLIENT;
    return new HostileScene({ board, server, itemId: created.itemId, bob, carol: await join('carol'), node });
  }

  private constructor(parts: {
    readonly board: StoredBoard;
    readonly server: SyncServer;
    readonly itemId: ItemId;
    readonly bob: { readonly board: RawClient; readonly item: RawClient };
    readonly carol: { readonly board: RawClient; readonly item: RawClient };
    readonly node: BoardNode;
  }) {
    this.#board = parts.board;
    this.#server = parts.server;
    this.#itemId = parts.itemId;
    this.#bob = parts.bob;
    this.#carol = parts.carol;
    this.#node = parts.node;
  }

  /** What frames of the corpus are about: made anew for each. */
  names(): Names {
    const bobState = Y.getState(this.#bob.item.doc.store, BOB_CLIENT);
    const { epoch } = this.#carol.board.seen('hello')[0]?.hello ?? { epoch: 0 };
    const nextOfServer = Y.getState(this.#carol.board.doc.store, epoch);
    const others = [...this.#carol.item.doc.store.clients.keys()].filter((client) => client !== BOB_CLIENT);
    const server = others.find((client) => client > 10_000) ?? 0;
    return {
      numbers: {
        ...{ epoch, nextOfServer, futureOfServer: nextOfServer + 1_000_000 },
        ...{ bob: BOB_CLIENT, nextOfBob: bobState, lastOfBob: bobState - 1 },
        ...{ server, nextOfServerInItem: Y.getState(this.#carol.item.doc.store, server) },
      },
      texts: {
        ...{ new: newId<string>(), other: newId<string>(), item: this.#itemId, firstOfBob: 'x' },
        ...{
          alice: this.#board.people.alice,
          bob: this.#board.people.bob,
          workflow: this.#board.workflow.id,
        },
      },
    };
  }

  /** alice, who may write, and does not mean well. */
  async attacker(on: Where): Promise<RawClient> {
    return await RawClient.join(this.#url(on), cookieOf(this.#board.people.alice));
  }

  async picture(): Promise<Picture> {
    const lookAt = async (on: Where) => {
      const dave = await RawClient.join(this.#url(on), cookieOf(this.#board.people.dave));
      await dave.leave();
      expectSound(dave.doc, on);
      return dave.seen('sync').find(({ step }) => step === SYNC.step2)?.bytes ?? new Uint8Array();
    };
    return { board: await lookAt('board'), item: await lookAt('item') };
  }

  /** What is stored of the item, by itself, gives what the server shows. */
  async expectStored({ item }: Picture): Promise<void> {
    const stored = new Y.Doc({ gc: false });
    const { updates } = await new ItemDocumentStore(this.#board.db).load(this.#itemId);
    for (const { update } of updates) Y.applyUpdate(stored, update);
    expectSound(stored, 'item');
    const shown = new Y.Doc({ gc: false });
    Y.applyUpdate(shown, item);
    expect(Y.encodeStateVector(stored)).toEqual(Y.encodeStateVector(shown));
    expect(contentOf(stored)).toEqual(contentOf(shown));
  }

  /** bob changes both documents, and carol gets it: nobody has been thrown out, nothing stands still. */
  async expectUndisturbed(): Promise<void> {
    const [bob, carol] = [this.#bob, this.#carol];
    const text = carol.item.doc.getText('description');
    this.#changes += 1;
    const word = `x${this.#changes.toString(36)} `;
    bob.item.doc.once('update', (update: Uint8Array) => bob.item.update(update));
    bob.item.doc.getText('description').insert(0, word);
    await carol.item.until(() => text.toJSON().startsWith(word));
    const verdict = await bob.board.decide(this.#node.commenting(this.#itemId, word));
    const seq = verdict.verdict === 'accepted' ? verdict.seq : expect.unreachable(JSON.stringify(verdict));
    await carol.board.until(() => boardMeta(carol.board.doc).seq === seq);
    for (const client of [bob.board, bob.item, carol.board, carol.item]) expect(client.closed).toBeNull();
    expectSound(bob.item.doc, 'item');
    expectSound(carol.item.doc, 'item');
    expectSound(carol.board.doc, 'board');
  }

  /** What the well-behaved have seen of others since the last call, and no more than what they do themselves. */
  awarenessSeen(): unknown[] {
    return [this.#bob, this.#carol].flatMap(({ board, item }) =>
      [board, item].flatMap((client) => client.seen('awareness').flatMap(({ entries }) => entries)),
    );
  }

  /** After a frame that did harm: the next ones get a scene of their own, so that one fault is one failure. */
  async abandon(): Promise<void> {
    await this.#server.stop();
  }

  async stop(): Promise<void> {
    for (const { board, item } of [this.#bob, this.#carol]) {
      await board.leave();
      await item.leave();
    }
    await this.#board.expectRowsEqualReplay();
    await this.#server.stop();
    expect(this.#server.logged).toEqual([]);
  }

  #url(on: Where): string {
    return `${this.#server.url}/${on}/${on === 'board' ? this.#board.id : this.#itemId}`;
  }
}

function contentOf(doc: Y.Doc): unknown[] {
  return [
    doc.getMap('facts').toJSON(),
    doc.getText('description').toJSON(),
    doc.getArray('checklist').toJSON(),
  ];
}

function expectSound(doc: Y.Doc, on: Where): void {
  expect(doc.store.pendingStructs).toBeNull();
  expect(doc.store.pendingDs).toBeNull();
  const known = on === 'item' ? ROOTS : BOARD_ROOTS;
  expect([...doc.share.keys()].filter((root) => !known.includes(root))).toEqual([]);
}

const BOARD_ROOTS = ['board', 'counts', 'hours', 'items', 'meta', 'people', 'teams', 'usual', 'workflows'];
