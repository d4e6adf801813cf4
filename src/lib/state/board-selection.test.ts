import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import type {
  CommandId,
  FieldKey,
  ItemId,
  SeamId,
  StepId,
  TeamId,
  UserId,
  WorkflowId,
} from '#lib/workflow/ids.ts';
import { BoardInMemory, ItemInMemory } from './board-in-memory.testing.ts';
import { BoardScreen } from './board.svelte.ts';

const [SALES, LEGAL] = ['sales', 'legal'] as unknown as [TeamId, TeamId];
const COMPANY = 'company' as FieldKey;
const NOW_MS = Date.UTC(2026, 10, 23, 9);
const step = (id: string, teamId: TeamId) => ({
  id: id as StepId,
  name: id,
  teamId,
  isFinal: false,
  workLimitMs: null,
});

/** alice of Sales has four items; what Legal must know of the fourth is missing. */
function open() {
  const source = new BoardInMemory({
    teams: [
      { id: SALES, name: 'Sales', color: 'blue', position: 0, itemLimit: null },
      { id: LEGAL, name: 'Legal', color: 'magenta', position: 1, itemLimit: null },
    ],
    workflows: [
      {
        id: 'simple' as WorkflowId,
        version: 1,
        name: 'Simple',
        keyPrefix: 'SMP',
        startStepId: 'draft' as StepId,
        steps: [step('draft', SALES), step('review', LEGAL)],
        seams: [
          {
            id: 'draft-review' as SeamId,
            fromStepId: 'draft' as StepId,
            toStepId: 'review' as StepId,
            isAutomatic: false,
            needs: [{ kind: 'fact', field: COMPANY }],
            returnReasons: [],
            gapLimitMs: null,
          },
        ],
        fields: [{ key: COMPANY, label: 'Company', type: 'text', hint: '', choices: [] }],
      },
    ],
    people: [
      { id: 'alice', name: 'Alice', roles: { [SALES]: 'member' } },
      { id: 'bob', name: 'Bob', roles: { [LEGAL]: 'member' } },
    ],
    userId: 'alice',
    nowMs: NOW_MS,
  });
  for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
    source.decide(
      {
        type: 'createItem',
        id: `create-${id}` as CommandId,
        itemId: id as ItemId,
        basis: { seq: 0 },
        order: `a${index}`,
        workflowId: 'simple' as WorkflowId,
        workflowVersion: 1,
        facts: { title: id, ...(id !== 'd' && { company: 'Acme' }) },
      },
      'alice',
    );
  }
  const openItem = () => Promise.resolve(new ItemInMemory());
  const board = new BoardScreen({ source, userId: 'alice' as UserId, openItem });
  const card = (id: string) => {
    const found = board.cards.byId.get(id as ItemId);
    if (!found) throw new Error(`There is no ${id}.`);
    return found;
  };
  return { source, board, card, selected: () => board.selection.cards.map(({ id }) => id) };
}

test('cards are selected one by one and in a stretch, and say what can be done with how many', () => {
  const { board, card, selected } = open();
  board.selection.toggle(card('a'));
  board.selection.extendTo(card('c'));
  expect(selected()).toEqual(['a', 'b', 'c']);
  board.selection.toggle(card('b'));
  expect(selected()).toEqual(['a', 'c']);
  expect(board.selection.choices).toMatchObject([
    { kind: 'hand', team: { name: 'Legal' }, count: 2 },
    { kind: 'act', action: 'claim', count: 2 },
  ]);
  board.selection.clear();
  expect(selected()).toEqual([]);
  expect(board.selection.choices).toEqual([]);
  board.destroy();
});

test('all are handed over with one command each, what is refused says why, and one undo takes all back', () => {
  const { source, board, card, selected } = open();
  for (const id of ['a', 'b', 'd']) board.selection.toggle(card(id));
  board.selection.handTo(LEGAL);
  flushSync();
  expect(source.outbox.map(({ command }) => [command.type, command.itemId])).toEqual([
    ['offerHandoff', 'a'],
    ['offerHandoff', 'b'],
  ]);
  expect(selected()).toEqual(['d']);
  expect(board.notes.notes).toMatchObject([
    {
      news: {
        kind: 'several',
        all: [
          { kind: 'offered', item: { id: 'a' } },
          { kind: 'offered', item: { id: 'b' } },
          { kind: 'notPossible', item: { id: 'd' }, refusal: { code: 'gateIncomplete', missing: [COMPANY] } },
        ],
      },
    },
  ]);
  source.answerAll();
  board.notes.undoLatest();
  expect(source.outbox.map(({ command }) => [command.type, command.itemId])).toEqual([
    ['withdrawHandoff', 'a'],
    ['withdrawHandoff', 'b'],
  ]);
  source.answerAll();
  expect(card('a').item.handoff).toBeNull();
  expect(card('b').item.handoff).toBeNull();
  board.destroy();
});

test('a drag that begins on a selected card takes all of them along, and one beside them goes alone', () => {
  const { source, board, card } = open();
  board.selection.toggle(card('a'));
  board.selection.toggle(card('b'));
  const spot = { teamId: LEGAL, column: 'working', beside: null } as const;
  board.drag.start(card('c'));
  board.drag.drop(spot);
  expect(source.outbox.map(({ command }) => command.itemId)).toEqual(['c']);
  board.drag.start(card('b'));
  board.drag.drop(spot);
  expect(source.outbox.map(({ command }) => command.itemId)).toEqual(['c', 'a', 'b']);
  board.destroy();
});

test('what the server refuses of several is told of that item alone, and the others stand', () => {
  const { source, board, card } = open();
  for (const id of ['a', 'b']) board.selection.toggle(card(id));
  const basis = { seq: source.item('a').responsibility.seq };
  board.selection.handTo(LEGAL);
  source.decide({ type: 'claimItem', id: 'late' as CommandId, itemId: 'a' as ItemId, basis }, 'alice');
  source.answerAll();
  flushSync();
  expect(card('a').refused).toHaveLength(1);
  expect(card('b').item.handoff).not.toBeNull();
  expect(board.notes.latest?.news).toMatchObject({ kind: 'refused', item: { id: 'a' } });
  board.destroy();
});

test('a card that another team has taken is not selected', () => {
  const { source, board, card, selected } = open();
  board.acts.offer('a' as ItemId, 'draft-review' as SeamId, { facts: { company: 'Acme' }, note: '' });
  source.answerAll();
  const { handoff, responsibility } = source.item('a');
  source.decide(
    {
      type: 'acceptHandoff',
      id: 'taken' as CommandId,
      itemId: 'a' as ItemId,
      basis: { seq: responsibility.seq },
      handoffId: handoff?.id ?? ('none' as NonNullable<typeof handoff>['id']),
      order: 'a9',
    },
    'bob',
  );
  flushSync();
  board.selection.toggle(card('a'));
  expect(selected()).toEqual([]);
  board.destroy();
});
