import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drafted, inReview, LEGAL, offeredToLegal, SALES, WORKFLOW } from '../../../tests/support/board.ts';
import type { ItemId, SeamId, TeamId, WorkflowId } from './ids.ts';
import { stallAhead } from './stall.ts';
import { groupStalled, stalledList, stuckSeamId, type StalledFilter } from './stalled-list.ts';
import type { Item } from './state.ts';

const ALL: StalledFilter = { teamId: null, workflowId: null, seamId: null };
const toReview = 'draft-to-review' as SeamId;

function stalled(item: Item) {
  const stall = stallAhead(item, WORKFLOW, { usual: () => undefined, hours: () => undefined });
  if (stall === null) throw new Error('It is closed.');
  return { item, stall };
}

/** alice drafts one, has offered another to bob's team, a third came back to her, and bob has the fourth. */
function four(): Item[] {
  const back = offeredToLegal();
  back.tell('bob', 'returnHandoff', { reasonId: 'incomplete' });
  const boards = [drafted(), offeredToLegal(), back, inReview()];
  return boards.map((board, index) => ({ ...board.item(), id: `item-${index}` as ItemId, number: index }));
}

test('W144: the list is narrowed by who must move, by the workflow and by the seam that an item is stuck at', () => {
  const all = four().map(stalled);
  const ids = (filter: Partial<StalledFilter>) =>
    stalledList(all, { ...ALL, ...filter })
      .map(({ item }) => item.id)
      .sort();
  expect(ids({})).toHaveLength(4);
  expect(ids({ teamId: SALES })).toEqual(['item-0', 'item-2']);
  expect(ids({ teamId: LEGAL })).toEqual(['item-1', 'item-3']);
  expect(ids({ seamId: toReview })).toEqual(['item-1', 'item-2']);
  expect(ids({ seamId: toReview, teamId: LEGAL })).toEqual(['item-1']);
  expect(ids({ workflowId: WORKFLOW.id })).toHaveLength(4);
  expect(ids({ workflowId: 'another' as WorkflowId })).toEqual([]);
  expect(four().map(stuckSeamId)).toEqual([null, toReview, toReview, null]);
});

test('W144: whatever stalls, what has been stalled longest stands first', () => {
  const [item] = four();
  if (!item) throw new Error('There are four.');
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1_000 })), (starts) => {
      const given = starts.map((heldSince, number) => stalled({ ...item, heldSince, number }));
      const moments = stalledList(given, ALL).map(({ stall }) => stall.fromMs);
      expect(moments).toEqual(moments.toSorted((a, b) => a - b));
      expect(moments).toHaveLength(starts.length);
    }),
  );
  expect(stalledList([], { ...ALL, teamId: 'nobody' as TeamId })).toEqual([]);
});

test('W144: in groups, each has its own, the longest stalled first, and the group with the longest of all stands first', () => {
  const list = stalledList(
    four().map((item) => stalled({ ...item, heldSince: item.heldSince - item.number })),
    ALL,
  );
  for (const by of ['team', 'seam'] as const) {
    const rows = groupStalled(list, by).flatMap((group) => group.rows);
    expect(new Set(rows)).toEqual(new Set(list));
    expect(groupStalled(list, by)[0]?.rows[0]).toBe(list[0]);
  }
  const ofLegal = list.filter(({ stall }) => stall.mustMove === LEGAL);
  expect(groupStalled(list, 'team').find(({ id }) => id === LEGAL)?.rows).toEqual(ofLegal);
  const inWork = list.filter(({ item }) => stuckSeamId(item) === null);
  expect(groupStalled(list, 'seam').find(({ id }) => id === null)?.rows).toEqual(inWork);
  expect(groupStalled([], 'team')).toEqual([]);
});
