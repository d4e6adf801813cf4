import { expect, test } from 'vitest';
import { LEGAL, SALES, TestBoard } from '../../../tests/support/board.ts';
import type { TeamId } from './ids.ts';
import { shiftOf, type Shift } from './shift.ts';
import type { Item } from './state.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Everything that happened on the board after the entry of this seq, for one team. */
function shift(board: TestBoard, afterSeq: number, teamId: TeamId | null, stalledFromMs = never): Shift {
  const before = new TestBoard();
  for (const { actorId, commandId, events, at } of board.log.slice(0, afterSeq)) {
    before.nowMs = at - 1_000;
    before.record(actorId as never, commandId, events);
  }
  const items = [...(before.state.items as Map<string, Item>).values()].filter(
    ({ closed }) => closed === null,
  );
  return shiftOf({
    start: { ...board.ground, items, seq: afterSeq },
    entries: board.log.slice(afterSeq),
    fromMs: before.nowMs,
    toMs: board.nowMs + 1,
    teamId,
    stalledFromMs,
  });
}

const never = (_item: Item): number | null => null;

const kinds = ({ items }: Shift) => Object.fromEntries(items.map(({ item, kinds }) => [item.id, [...kinds]]));

function offer(board: TestBoard, itemId: string): void {
  const facts = { company: 'Acme Ltd', contact: 'alice' };
  board.tell('alice', 'offerHandoff', { itemId: itemId, seamId: 'draft-to-review', facts });
}

/** alice of Sales has three items, and has offered the first to Legal. */
function morning(): TestBoard {
  const board = new TestBoard();
  for (const id of ['item-1', 'item-2', 'item-3']) {
    board.tell('alice', 'createItem', { itemId: id });
    board.tell('alice', 'claimItem', { itemId: id });
  }
  offer(board, 'item-1');
  return board;
}

test('W140: one handoff is told to each team in its own way, and to everybody once', () => {
  const board = morning();
  const since = board.log.length;
  offer(board, 'item-2');
  board.tell('bob', 'acceptHandoff', { itemId: 'item-1' });
  board.tell('bob', 'returnHandoff', { itemId: 'item-2', reasonId: 'incomplete' });

  expect(kinds(shift(board, since, LEGAL))).toEqual({
    'item-1': ['accepted'],
    'item-2': ['arrived', 'returned'],
  });
  expect(kinds(shift(board, since, SALES))).toEqual({
    'item-1': ['handedOn'],
    'item-2': ['offered', 'cameBack'],
  });
  expect(kinds(shift(board, since, null))).toEqual({
    'item-1': ['accepted'],
    'item-2': ['offered', 'returned'],
  });
});

test('W141: what happens at another team is none of it, before the item came and after it left', () => {
  const board = morning();
  const since = board.log.length;
  board.tell('alice', 'addComment', { itemId: 'item-3' });
  board.tell('bob', 'acceptHandoff', { itemId: 'item-1' });
  board.tell('bob', 'addComment', { itemId: 'item-1' });

  const sales = shift(board, since, SALES);
  expect(sales.items.map(({ item, entries }) => [item.id, entries.length])).toEqual([
    ['item-1', 1],
    ['item-3', 1],
  ]);
  const legal = shift(board, since, LEGAL);
  expect(legal.items.map(({ item, entries }) => [item.id, entries.length])).toEqual([['item-1', 2]]);
  expect(sales.open.map(({ id }) => id)).toEqual(['item-2', 'item-3']);
  expect(legal.open.map(({ id }) => id)).toEqual(['item-1']);
});

test('W141: a new place within its column is nobody’s news', () => {
  const board = morning();
  const since = board.log.length;
  board.tell('alice', 'orderItem', { itemId: 'item-2' });
  expect(shift(board, since, SALES).items).toEqual([]);
});

test('W140: sending back is a return for who sends it and has come back for who gets it', () => {
  const board = morning();
  board.tell('bob', 'acceptHandoff', { itemId: 'item-1' });
  const since = board.log.length;
  board.tell('bob', 'sendBack', { itemId: 'item-1' });
  board.tell('alice', 'acceptHandoff', { itemId: 'item-1' });
  expect(kinds(shift(board, since, LEGAL))).toEqual({ 'item-1': ['returned'] });
  expect(kinds(shift(board, since, SALES))).toEqual({ 'item-1': ['cameBack', 'accepted'] });
});

test('W142: an item that nobody touched is told once it has stalled, at that moment, and not before', () => {
  const board = morning();
  const since = board.log.length;
  const fromMs = board.nowMs;
  const stalledAfterADay = (item: Item) => item.heldSince + DAY_MS;
  expect(shift(board, since, SALES, stalledAfterADay).items).toEqual([]);
  board.nowMs += 2 * DAY_MS;
  const told = shift(board, since, SALES, stalledAfterADay).items;
  expect(told.map(({ item }) => item.id)).toEqual(['item-3', 'item-2', 'item-1']);
  for (const { kinds, entries, stalledAt } of told) {
    expect([...kinds]).toEqual(['stalled']);
    expect(entries).toEqual([]);
    expect(stalledAt).toBeGreaterThan(fromMs);
    expect(stalledAt).toBeLessThan(fromMs + DAY_MS);
  }
});

test('W142: what was stalled before the span is no news in it, and may stall anew by a new clock', () => {
  const board = morning();
  board.nowMs += 2 * DAY_MS;
  board.tell('alice', 'addComment', { itemId: 'item-3' });
  const since = board.log.length;
  const stalledAfterADay = (item: Item) => (item.handoff?.offeredAt ?? item.heldSince) + DAY_MS;
  offer(board, 'item-2');
  board.nowMs += 2 * DAY_MS;
  expect(kinds(shift(board, since, SALES, stalledAfterADay))).toEqual({ 'item-2': ['offered', 'stalled'] });
});

test('W143: what was closed before the span and is touched in it is passed over, and nothing else is lost', () => {
  const board = morning();
  board.tell('amy', 'cancelItem', { itemId: 'item-3' });
  const since = board.log.length;
  board.tell('alice', 'addComment', { itemId: 'item-3' });
  board.tell('alice', 'addComment', { itemId: 'item-2' });
  expect(shift(board, since, SALES).items.map(({ item }) => item.id)).toEqual(['item-2']);
});

test('W143: an item that is linked to one that is passed over is told of it, whichever of the two was first', () => {
  const board = morning();
  board.tell('amy', 'cancelItem', { itemId: 'item-3' });
  const since = board.log.length;
  board.tell('alice', 'linkItems', { itemId: 'item-3', otherId: 'item-2', kind: 'relatesTo' });
  const told = shift(board, since, SALES).items;
  expect(told.map(({ item }) => item.id)).toEqual(['item-2']);
  expect(told[0]?.item).toEqual(board.item('item-2'));
});
