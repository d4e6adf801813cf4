import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { drafted, inReview, LEGAL, MEMBERS, SALES, type TestBoard } from '../../../tests/support/board.ts';
import {
  BOARD_LAYOUT,
  boardMeta,
  boardNameFromDocument,
  boardStateFromDocument,
  itemsFromDocument,
  peopleFromDocument,
} from './document.ts';
import { applyEntries, createBoardDocument, dropClosedBefore, namePerson } from './projection.ts';

const BOARD = 'board' as BoardId;

function documentOf(board: TestBoard): Y.Doc {
  const people = MEMBERS.map(({ userId }) => ({ id: userId, name: `name of ${userId}` }));
  return createBoardDocument({ state: board.state, board: { name: 'Onboarding' }, people });
}

function expectEqual(doc: Y.Doc, board: TestBoard): void {
  const shown = boardStateFromDocument(BOARD, doc);
  const { state } = board;
  expect([shown.seq, shown.nextNumber]).toEqual([state.seq, state.nextNumber]);
  expect([shown.teams, shown.workflows]).toEqual([state.teams, state.workflows]);
  for (const item of itemsFromDocument(doc)) expect(item).toEqual(state.items.get(item.id));
  for (const { userId } of MEMBERS) expect(shown.members.get(userId)).toEqual(state.members.get(userId));
  for (const teamId of state.teams.keys())
    expect(shown.heldCounts.get(teamId)).toBe(state.heldCounts.get(teamId) ?? 0);
}

test('a document made from a state gives that state back, in any replica', () => {
  const board = inReview();
  const doc = documentOf(board);
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  expectEqual(copy, board);
  expect(boardMeta(copy)).toMatchObject({ epoch: doc.clientID, layout: BOARD_LAYOUT });
  expect(boardNameFromDocument(copy)).toBe('Onboarding');
  expect(peopleFromDocument(copy).get('alice' as UserId)?.name).toBe('name of alice');
});

test('entries bring a document to the state in one transaction, and touch nothing else', () => {
  const board = drafted();
  board.tell('alice', 'createItem', { itemId: 'item-2' });
  const doc = documentOf(board);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => void updates.push(update));
  const changed: string[] = [];
  doc.getMap('items').observe((event) => void changed.push(...event.keysChanged));
  const from = board.log.length;
  board.tell('alice', 'offerHandoff', {
    seamId: 'draft-to-review',
    facts: { company: 'Acme Ltd', contact: 'alice' },
  });
  board.tell('bob', 'acceptHandoff');
  board.tell('ada', 'setMember', { userId: 'mallory', roles: { legal: 'viewer' } });
  applyEntries(doc, board.state, board.log.slice(from));
  expect(updates).toHaveLength(1);
  expect(changed).toEqual(['item-1']);
  expectEqual(doc, board);
  const shown = boardStateFromDocument(BOARD, doc);
  expect([shown.heldCounts.get(SALES), shown.heldCounts.get(LEGAL)]).toEqual([1, 1]);
  const mallory = peopleFromDocument(doc).get('mallory' as UserId);
  expect(mallory).toMatchObject({ name: '', roles: { legal: 'viewer' } });
  namePerson(doc, 'mallory' as UserId, 'Mallory');
  expect(peopleFromDocument(doc).get('mallory' as UserId)?.name).toBe('Mallory');
});

test('an item that was closed long ago leaves the document; open ones stay', () => {
  const board = inReview();
  board.tell('alice', 'createItem', { itemId: 'item-2' });
  board.tell('bob', 'completeItem');
  const doc = documentOf(board);
  expect(dropClosedBefore(doc, board.item().closed?.at ?? 0)).toBe(0);
  expect(dropClosedBefore(doc, board.nowMs + 1)).toBe(1);
  expect([...itemsFromDocument(doc)].map((item) => item.id)).toEqual(['item-2']);
});

test('the state of a document is read only: it is forked, never evolved', () => {
  const board = drafted();
  const state = boardStateFromDocument(BOARD, documentOf(board));
  expect(() => state.items.set('x' as ItemId, board.item())).toThrow('fork');
  expect(boardStateFromDocument(BOARD, new Y.Doc())).toMatchObject({ seq: 0, nextNumber: 1 });
});
