import { expect, test } from 'vitest';
import { boardRoots, itemsFromDocument } from '../../src/lib/board/document.ts';
import { CLOSE } from '../../src/lib/protocol/close-codes.ts';
import type { Command } from '../../src/lib/workflow/commands.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { COMMIT_BATCH_MAX } from '../../server/persistence/command-log.ts';
import { STRUCTS_FREE } from '../../server/sync/projected-document.ts';
import type { FakePeer } from '../integration/sync/fake-peer.ts';
import { fullStateOf, keysOf, openMemoryRoom, structsOf, type MemoryRoom } from './memory-room.ts';

/** The full number is 400,000, which takes 40 seconds of a core: `BATON_ENDURANCE_OVERWRITES=400000`. */
const ASKED_FOR = process.env['BATON_ENDURANCE_OVERWRITES'];
const OVERWRITES = Number(ASKED_FOR ?? 200_000);
const ITEMS = 200;
/** What a busy minute brings, for that is how often a room is tidied. */
const TIDY_EVERY = 40 * COMMIT_BATCH_MAX;
/** What one overwrite leaves behind at most: the item's old value, and the old seq of the board. */
const STRUCTS_PER_OVERWRITE = 2;
/** What is left of a value that was written over: a range of clocks, and some of the key's name. */
const BYTES_PER_STRUCT = 24;

interface Peak {
  structs: number;
  bytes: number;
}

/** A browser that does what ours does on 4409: an empty document, a new connection. */
class Follower {
  readonly #on: MemoryRoom;
  #peer: FakePeer;
  readonly #peers = new Set<FakePeer>();
  accepted = 0;

  constructor(on: MemoryRoom, peer: FakePeer) {
    this.#on = on;
    this.#peer = peer;
    this.#peers.add(peer);
  }

  get doc() {
    return this.#peer.doc;
  }

  get epochs(): number {
    return this.#peers.size;
  }

  async send(command: Command): Promise<void> {
    await this.#peer.command(this.#on.room, command);
  }

  async read(): Promise<void> {
    this.#peer.read();
    const verdicts = this.#peer.verdicts.splice(0);
    this.accepted += verdicts.filter(({ verdict }) => verdict === 'accepted').length;
    if (this.#peer.closed === null) return;
    expect(this.#peer.closed).toBe(CLOSE.epochOver.code);
    this.#peer.doc.destroy();
    this.#peer = await this.#on.join('alice');
    this.#peers.add(this.#peer);
    this.#peer.read();
  }
}

/** As somebody sees it who comes now. `spare`: what may have been left behind since the room was last tidied. */
async function look(on: MemoryRoom, peak: Peak, spare: number): Promise<void> {
  const joiner = await on.join('bob');
  const bytes = fullStateOf(joiner).byteLength;
  joiner.read();
  on.room.leave(joiner);
  const { doc } = joiner;
  const structs = structsOf(doc);
  expect(structs, 'structs').toBeLessThanOrEqual(4 * keysOf(doc) + STRUCTS_FREE + spare);
  const live = Buffer.byteLength(JSON.stringify([...itemsFromDocument(doc)])) + workflowBytes(doc);
  expect(bytes, 'bytes').toBeLessThan(1.5 * live + BYTES_PER_STRUCT * structs);
  peak.structs = Math.max(peak.structs, structs);
  peak.bytes = Math.max(peak.bytes, bytes);
  doc.destroy();
}

function shownBy({ doc }: Follower): Map<Item['id'], Item> {
  return new Map([...itemsFromDocument(doc)].map((item) => [item.id, item]));
}

function workflowBytes(doc: FakePeer['doc']): number {
  return Buffer.byteLength(JSON.stringify(boardRoots(doc).workflows.toJSON()));
}

test(
  `S17: ${OVERWRITES} overwrites leave no more behind than the bound of an epoch, here and in a browser that follows`,
  { timeout: 300_000 },
  async () => {
    const on = await openMemoryRoom(ITEMS);
    const { room, node, itemIds } = on;
    const follower = new Follower(on, await on.join('alice'));
    const peak: Peak = { structs: 0, bytes: 0 };
    for (let written = 0; written < OVERWRITES; written += COMMIT_BATCH_MAX) {
      const inBatch = Math.min(COMMIT_BATCH_MAX, OVERWRITES - written);
      for (let each = 0; each < inBatch; each += 1) {
        // Items in another order each time, so that what is left behind does not lie side by side.
        const itemId = itemIds[((written + each) * 37) % ITEMS] ?? expect.unreachable('There is no item.');
        await follower.send(node.commenting(itemId));
      }
      await room.settle();
      on.endTurn();
      await follower.read();
      const done = written + inBatch;
      if (done % TIDY_EVERY !== 0 && done !== OVERWRITES) continue;
      await look(on, peak, STRUCTS_PER_OVERWRITE * TIDY_EVERY);
      room.tidy(0);
      on.endTurn();
      await follower.read();
      await look(on, peak, 0);
      expect(structsOf(follower.doc)).toBeLessThanOrEqual(4 * keysOf(follower.doc) + STRUCTS_FREE);
      // Looked at here, because whatever a new epoch lacks is soon written over.
      expect(shownBy(follower)).toEqual(room.state.items);
    }
    if (ASKED_FOR !== undefined) console.info({ ...peak, epochs: follower.epochs });

    expect(follower.accepted).toBe(OVERWRITES);
    expect(follower.epochs).toBeGreaterThan(OVERWRITES / (STRUCTS_FREE + 2 * TIDY_EVERY) / 2);
    const shown = shownBy(follower);
    expect(shown).toEqual(room.state.items);
    const comments = [...shown.values()].reduce((sum, { commentCount }) => sum + commentCount, 0);
    expect(comments).toBe(OVERWRITES);
    room.close(CLOSE.restarting);
  },
);
