import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { boardRoots } from '#lib/board/document.ts';
import type { CommandId, ItemId, StepId, TeamId, WorkflowId } from '#lib/workflow/ids.ts';
import { BoardInMemory, ItemInMemory } from './board-in-memory.testing.ts';
import { BoardScreen } from './board.svelte.ts';

const SALES = 'sales' as TeamId;
const OLD = 'old' as ItemId;
const NOW_MS = Date.UTC(2026, 10, 23, 9);

/** A board of alice, who leads Sales, on which one item was closed so long ago that the document has lost it. */
function open() {
  const source = new BoardInMemory({
    teams: [{ id: SALES, name: 'Sales', color: 'blue', position: 0, itemLimit: null }],
    workflows: [
      {
        id: 'simple' as WorkflowId,
        version: 1,
        name: 'Simple',
        keyPrefix: 'SMP',
        startStepId: 'do' as StepId,
        steps: [{ id: 'do' as StepId, name: 'Do', teamId: SALES, isFinal: true, workLimitMs: null }],
        seams: [],
        fields: [],
      },
    ],
    people: [{ id: 'alice', name: 'Alice', roles: { [SALES]: 'lead' } }],
    userId: 'alice',
    nowMs: NOW_MS,
  });
  const create = {
    type: 'createItem',
    id: 'c1' as CommandId,
    itemId: OLD,
    basis: { seq: 0 },
    order: 'a0',
    workflowId: 'simple' as WorkflowId,
    workflowVersion: 1,
    facts: { title: 'Old' },
  } as const;
  source.decide(create, 'alice');
  const basis = { seq: source.item(OLD).responsibility.seq };
  source.decide({ type: 'cancelItem', id: 'c2' as CommandId, itemId: OLD, basis, reason: 'Gone' }, 'alice');
  const item = source.item(OLD);
  boardRoots(source.document).items.delete(OLD);
  const openItem = () => Promise.resolve(new ItemInMemory());
  const board = new BoardScreen({ source, userId: 'alice' as BoardScreen['userId'], openItem });
  return { board, source, item };
}

test('an item that has left the board is shown while it is looked at, in no list', () => {
  const { board, item } = open();
  expect(board.cards.byId.has(OLD)).toBe(false);
  board.visit(item);
  expect(board.cards.byId.get(OLD)?.title).toBe('Old');
  expect(board.isArchived(OLD)).toBe(true);
  expect(board.cards.closed.cards).toEqual([]);
  expect(board.cards.byId.get(OLD)?.actions).toEqual(['reopen']);
  board.visit(null);
  expect(board.cards.byId.has(OLD)).toBe(false);
  board.destroy();
});

test('alice reopens it: pending at once, and the board’s own item when the server has agreed', () => {
  const { board, source, item } = open();
  board.visit(item);
  expect(board.acts.reopen(OLD, 'They came back')).toBe(true);
  flushSync();
  expect(board.cards.byId.get(OLD)).toMatchObject({
    pending: [expect.any(String)],
    place: { teamId: SALES },
  });
  expect(board.isArchived(OLD)).toBe(false);
  source.answerAll();
  flushSync();
  expect(board.cards.byId.get(OLD)).toMatchObject({ pending: [], item: { closed: null } });
  board.visit(null);
  expect(board.cards.lane(SALES)?.columns.working.cards.map(({ id }) => id)).toEqual([OLD]);
  board.destroy();
});

test('an item of a workflow that this browser does not know yet is not shown', () => {
  const { board, item } = open();
  board.visit({ ...item, workflowVersion: 2 });
  expect(board.cards.byId.has(OLD)).toBe(false);
  board.destroy();
});
