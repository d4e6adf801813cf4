import { describe, expect, it } from 'vitest';
import { ageMs, gapMs, heldMs, repairMs, runningClock, waitingMs } from './clocks.ts';
import type { HandoffId, ItemId, SeamId, StepId, TeamId, UserId, WorkflowId } from './ids.ts';
import type { Handoff, Item, Return, Route, Waiting } from './state.ts';

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
function waitingUntil(until: string | null): Item {
  const waiting: Waiting = { on: 'customer', what: 'Signature', since: NOON - HOUR, until, by: alice };
  return { ...item, waiting, heldSince: NOON - 5 * DAY };
}

describe('clocks', () => {
  it('runs work while the holder has it, gap while it is offered, repair once it came back, nothing when closed', () => {
    expect(runningClock(item)).toEqual({ clock: 'work', since: NOON - DAY });
    expect(runningClock(offeredOver(seamRoute))).toEqual({ clock: 'gap', since: NOON - 5 * HOUR });
    expect(runningClock({ ...item, returned })).toEqual({ clock: 'repair', since: NOON - 2 * HOUR });
    expect(
      runningClock({ ...item, closed: { kind: 'completed', at: NOON, by: bob, reason: '' } }),
    ).toBeNull();
  });

  it('measures each clock from its own timestamp', () => {
    expect(ageMs(item, NOON)).toBe(3 * DAY);
    expect(heldMs(item, NOON)).toBe(DAY);
    expect(gapMs(item, NOON)).toBeNull();
    expect(gapMs(offeredOver(seamRoute), NOON)).toBe(5 * HOUR);
    expect(repairMs({ ...item, returned }, NOON)).toBe(2 * HOUR);
    expect(repairMs(item, NOON)).toBeNull();
    expect(waitingMs(waitingUntil(null), NOON)).toBe(HOUR);
    expect(waitingMs(item, NOON)).toBeNull();
  });

  it('stops at the closing', () => {
    const closed: Item = { ...item, closed: { kind: 'completed', at: NOON, by: bob, reason: '' } };
    expect(ageMs(closed, NOON + 9 * DAY)).toBe(3 * DAY);
    expect(heldMs(closed, NOON + 9 * DAY)).toBe(DAY);
  });

  it('never shows a negative age to a browser whose clock runs behind', () => {
    expect(heldMs(item, NOON - 2 * DAY)).toBe(0);
    expect(gapMs(offeredOver(seamRoute), NOON - DAY)).toBe(0);
  });
});
