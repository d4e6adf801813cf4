import { expect, it } from 'vitest';
import { readPastItems, seqAt } from '../../server/persistence/board-past.ts';
import { CommandLog } from '../../server/persistence/command-log.ts';
import type { Entry } from '../../src/lib/workflow/events.ts';
import { evolvePast, pastBoard } from '../../src/lib/workflow/past.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { replayItems } from '../../server/persistence/item-replay.ts';
import { NOW_MS, type BoardNode } from './contract-board.ts';
import { describeOnBoth } from './databases.ts';
import { StoredBoard } from './stored-board.ts';

const HOUR_MS = 60 * 60 * 1_000;

/** A day of alice of Sales and bob of Legal; each act an hour after the one before. */
async function day(board: StoredBoard): Promise<BoardNode> {
  const node = await board.node(NOW_MS);
  let nowMs = NOW_MS;
  const tell = async (...told: Parameters<BoardNode['tell']>) => {
    nowMs += HOUR_MS;
    const later = await board.node(nowMs);
    await later.tell(...told);
    return later;
  };
  const items: ItemId[] = [];
  let last = node;
  for (let index = 0; index < 4; index += 1) {
    const creating = last.creating({ facts: { title: `Acme ${index}` } });
    items.push(creating.itemId);
    last = await tell('alice', creating);
    last = await tell('alice', last.claiming(creating.itemId));
  }
  const [first, second, third] = items as [ItemId, ItemId, ItemId];
  for (const id of [first, second, third]) last = await tell('alice', last.offering(id));
  last = await tell('bob', last.accepting(first));
  last = await tell('bob', last.returning(second));
  last = await tell('bob', last.completing(first));
  last = await tell('alice', last.commenting(first));
  last = await tell('ada', last.reopening(first));
  last = await tell('alice', last.offering(second));
  last = await tell('bob', last.accepting(second));
  last = await tell('bob', last.completing(second));
  return last;
}

async function past(
  board: StoredBoard,
  atMs: number,
  limit: number,
): Promise<{ seq: number; items: Item[] }> {
  const { db, id: boardId } = board;
  const seq = await seqAt(db, boardId, atMs);
  const items: Item[] = [];
  let afterNumber: number | null = 0;
  while (afterNumber !== null) {
    const page = await readPastItems(db, { boardId, atMs, seq, afterNumber, limit });
    items.push(...page.items);
    afterNumber = page.nextAfter;
  }
  return { seq, items };
}

describeOnBoth('A board as it was', (database) => {
  it('W143: from any moment on, its items evolve into what the log from its beginning makes of them', async () => {
    const board = await StoredBoard.create(database().db);
    await day(board);
    const entries = await new CommandLog(board.db).readAfter(board.id, 0, 1_000);
    const moments = [0, ...entries.map(({ at }) => at)];
    for (const atMs of moments) {
      const { seq, items } = await past(board, atMs, 2);
      expect(items).toEqual(await itemsAt(board, seq, new Set(items.map(({ id }) => id))));
      const open = (await itemsAt(board, seq)).filter(({ closed }) => closed === null);
      expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(open.map(({ id }) => id)));
      const start = { boardId: board.id, teams: [], workflows: [], items, seq };
      await expectEvolvesAsReplayed(board, pastBoard(start), entries.slice(seq));
    }
  });

  async function expectEvolvesAsReplayed(
    board: StoredBoard,
    state: ReturnType<typeof pastBoard>,
    entries: readonly Entry[],
  ): Promise<void> {
    for (const entry of entries) {
      evolvePast(state, entry);
      const items = [...(state.items as Map<ItemId, Item>).values()];
      const replayed = await itemsAt(board, entry.seq, new Set(items.map(({ id }) => id)));
      expect(items.sort((a, b) => a.number - b.number)).toEqual(replayed);
      expect(state.seq).toBe(entry.seq);
    }
  }

  /** Of the whole log, or of these only. */
  async function itemsAt(board: StoredBoard, seq: number, ids?: ReadonlySet<ItemId>): Promise<Item[]> {
    const all = (await board.rows()).map(({ id }) => id);
    const itemIds = all.filter((id) => ids?.has(id) ?? true);
    return await replayItems(board.db, { boardId: board.id, seq, itemIds });
  }
});
