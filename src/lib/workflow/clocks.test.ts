import { describe, expect, it } from 'vitest';
import { runningClock } from './clocks.ts';
import type { HandoffId, ItemId, SeamId, StepId, TeamId, UserId, WorkflowId } from './ids.ts';
import type { Handoff, Item, Return, Route } from './state.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 23 November 2026, noon. */
const NOON = 1_795_435_200_000;
const sales = 'sales' as TeamId;
const legal = 'legal' as TeamId;
const alice = 'alice' as UserId;
const bob = 'bob' as UserId;

/** Created by alice of Sales three days ago, held since a day ago. */
const item: Item = {
  id: 'item-1' as ItemId,
  number: 1,
  key: 'ONB-1',
  workflowId: 'onboarding' as WorkflowId,
  workflowVersion: 1,
  facts: { title: 'Acme' },
  stepId: 'draft' as StepId,
  holderTeamId: sales,
  ownerId: alice,
  handoff: null,
  returned: null,
  waiting: null,
  closed: null,
  trail: [],
  bounces: {},
  deviations: 0,
  order: 'a0',
  createdAt: NOON - 3 * DAY,
  heldSince: NOON - DAY,
  commentCount: 0,
  seq: 1,
  responsibility: { seq: 1, by: alice, at: NOON - 3 * DAY, event: 'itemCreated' },
  lastCommands: [],
};

function offeredOver(route: Route): Item {
  const handoff: Handoff = {
    id: 'handoff-1' as HandoffId,
    route,
    fromStepId: 'draft' as StepId,
    toStepId: 'review' as StepId,
    fromTeamId: sales,
    toTeamId: legal,
    offeredBy: alice,
    offeredAt: NOON - 5 * HOUR,
    note: '',
    reason: null,
    needsLead: false,
  };
  return { ...item, handoff };
}
const seamRoute: Route = { kind: 'seam', seamId: 'draft-to-review' as SeamId };
const returned: Return = {
  handoffId: 'handoff-1' as HandoffId,
  route: seamRoute,
  byTeamId: legal,
  by: bob,
  at: NOON - 2 * HOUR,
  reason: { reasonId: null, note: 'The annex is missing.', missing: [] },
};

describe('clocks', () => {
  it('runs work while the holder has it, gap while it is offered, repair once it came back, nothing when closed', () => {
    expect(runningClock(item)).toEqual({ clock: 'work', since: NOON - DAY });
    expect(runningClock(offeredOver(seamRoute))).toEqual({ clock: 'gap', since: NOON - 5 * HOUR });
    expect(runningClock({ ...item, returned })).toEqual({ clock: 'repair', since: NOON - 2 * HOUR });
    expect(
      runningClock({ ...item, closed: { kind: 'completed', at: NOON, by: bob, reason: '' } }),
    ).toBeNull();
  });
});
