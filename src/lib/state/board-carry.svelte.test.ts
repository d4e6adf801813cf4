import { describe, expect, test } from 'vitest';
import type { Command } from '#lib/workflow/commands.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { CommandId, ItemId, SeamId, StepId, TeamId, UserId, WorkflowId } from '#lib/workflow/ids.ts';
import type { Team } from '#lib/workflow/state.ts';
import { BoardInMemory, ItemInMemory } from './board-in-memory.testing.ts';
import { BoardScreen } from './board.svelte.ts';

const [SALES, LEGAL, SUPPORT] = ['sales', 'legal', 'support'] as unknown as [TeamId, TeamId, TeamId];
const TEAMS: readonly Team[] = [
  { id: SALES, name: 'Sales', color: 'blue', position: 0, itemLimit: null },
  { id: LEGAL, name: 'Legal', color: 'magenta', position: 1, itemLimit: null },
  { id: SUPPORT, name: 'Support', color: 'teal', position: 2, itemLimit: null },
];
const WORKFLOW: WorkflowVersion = {
  id: 'onboarding' as WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: 'draft' as StepId,
  steps: [
    { id: 'draft' as StepId, name: 'Draft', teamId: SALES, isFinal: false, workLimitMs: null },
    { id: 'review' as StepId, name: 'Review', teamId: LEGAL, isFinal: false, workLimitMs: null },
    { id: 'live' as StepId, name: 'Go live', teamId: SUPPORT, isFinal: true, workLimitMs: null },
  ],
  seams: [seam('draft-review', 'draft', 'review'), seam('review-live', 'review', 'live')],
  fields: [],
};

function seam(id: string, from: string, to: string): WorkflowVersion['seams'][number] {
  return {
    id: id as SeamId,
    fromStepId: from as StepId,
    toStepId: to as StepId,
    isAutomatic: false,
    needs: [],
    returnReasons: [],
    gapLimitMs: null,
  };
}

/** Three items of Sales: one, two, three; alice is of Sales. */
function openBoard() {
  const source = new BoardInMemory({
    teams: TEAMS,
    workflows: [WORKFLOW],
    people: [{ id: 'alice', name: 'Alice', roles: { sales: 'member' } }],
    userId: 'alice',
    nowMs: Date.UTC(2026, 10, 23, 9),
  });
  const board = new BoardScreen({
    source,
    userId: 'alice' as UserId,
    openItem: () => Promise.resolve(new ItemInMemory()),
  });
  for (const [id, order] of [
    ['one', 'a0'],
    ['two', 'a1'],
    ['three', 'a2'],
  ] as const) {
    source.decide(
      {
        ...base(source, id),
        type: 'createItem',
        workflowId: WORKFLOW.id,
        workflowVersion: 1,
        facts: { title: `Item ${id}` },
        order,
      },
      'alice',
    );
  }
  const card = (id: string) => {
    const found = board.cards.byId.get(id as ItemId);
    if (!found) throw new Error(`There is no card of ${id}.`);
    return found;
  };
  return { source, board, card };
}

let lastId = 0;
function base(source: BoardInMemory, itemId: string): Pick<Command, 'id' | 'itemId' | 'basis'> {
  lastId += 1;
  const seq = source.state.items.get(itemId as ItemId)?.responsibility.seq ?? 0;
  return { id: `command-${lastId}` as CommandId, itemId: itemId as ItemId, basis: { seq } };
}

/** Where letting go would put it now. */
function over(board: BoardScreen) {
  const what = board.carry.news?.what;
  return what?.kind === 'over'
    ? {
        teamId: what.spot.teamId,
        column: what.spot.column,
        drop: what.drop.kind,
        place: what.place?.position,
      }
    : what?.kind;
}

describe('a card carried by keyboard', () => {
  test('starts where it is, and goes through the places of its column to the next lane', () => {
    const { board, card } = openBoard();
    board.carry.pickUp(card('two'));
    expect(board.drag.card).toBe(card('two'));
    expect(over(board)).toEqual({ teamId: SALES, column: 'working', drop: 'order', place: 2 });
    board.carry.move('down');
    expect(over(board)).toMatchObject({ place: 3 });
    board.carry.move('down');
    expect(over(board)).toEqual({ teamId: LEGAL, column: 'working', drop: 'moves', place: undefined });
    board.carry.move('up');
    expect(over(board)).toMatchObject({ teamId: SALES, place: 2 });
  });

  test('says of a lane that is not possible why, before it is dropped', () => {
    const { board, card } = openBoard();
    board.carry.pickUp(card('one'));
    board.carry.move('laneDown');
    board.carry.move('laneDown');
    expect(over(board)).toMatchObject({ teamId: SUPPORT, drop: 'no' });
    board.carry.move('laneDown');
    expect(over(board)).toMatchObject({ teamId: SUPPORT });
    board.carry.drop();
    expect(board.notes.latest?.news.kind).toBe('notPossible');
  });

  test('dropped among the others takes that place', () => {
    const { source, board, card } = openBoard();
    board.carry.pickUp(card('one'));
    board.carry.move('down');
    board.carry.drop();
    source.answerAll();
    const keys = board.cards.lane(SALES)?.columns.working.cards.map(({ id }) => id);
    expect(keys).toEqual(['two', 'one', 'three']);
    expect(board.carry.card).toBe(null);
    expect(board.drag.card).toBe(null);
  });

  test('dropped where it was changes nothing', () => {
    const { source, board, card } = openBoard();
    board.carry.pickUp(card('two'));
    board.carry.drop();
    expect(source.outbox).toEqual([]);
  });

  test('dropped on the next lane is offered to it', () => {
    const { source, board, card } = openBoard();
    board.carry.pickUp(card('three'));
    board.carry.move('laneDown');
    board.carry.drop();
    source.answerAll();
    expect(card('three').place).toEqual({ teamId: LEGAL, column: 'incoming' });
  });

  test('goes to the waiting column sideways, and skips one that means nothing', () => {
    const { board, card } = openBoard();
    board.carry.pickUp(card('two'));
    board.carry.move('left');
    expect(over(board)).toMatchObject({ column: 'working' });
    board.carry.move('right');
    expect(over(board)).toMatchObject({ column: 'waiting', drop: 'wait' });
    board.carry.drop();
    expect(board.flow).toEqual({ kind: 'wait', itemId: 'two' });
  });

  test('is put back by Escape, and says so', () => {
    const { source, board, card } = openBoard();
    board.carry.pickUp(card('two'));
    board.carry.move('laneDown');
    board.carry.cancel();
    expect(over(board)).toBe('putBack');
    expect(board.drag.card).toBe(null);
    expect(source.outbox).toEqual([]);
  });

  test('that somebody has acted on meanwhile is not moved', () => {
    const { source, board, card } = openBoard();
    board.carry.pickUp(card('two'));
    board.carry.move('laneDown');
    const pause = { type: 'startWaiting', on: 'customer', what: 'a signature', until: null } as const;
    source.decide({ ...base(source, 'two'), ...pause }, 'alice');
    board.carry.drop();
    expect(over(board)).toBe('movedOn');
    expect(source.outbox).toEqual([]);
  });
});
