import { describe, expect, it } from 'vitest';
import { ageMs, gapMs, heldMs, isLate, lateMs, repairMs, runningClock, waitingMs } from './clocks.ts';
import type { WorkflowVersion } from './definition.ts';
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

const workflow: WorkflowVersion = {
  id: 'onboarding' as WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: 'draft' as StepId,
  steps: [
    { id: 'draft' as StepId, name: 'Draft', teamId: sales, isFinal: false, workLimitMs: 2 * DAY },
    { id: 'review' as StepId, name: 'Review', teamId: legal, isFinal: true, workLimitMs: null },
  ],
  seams: [
    {
      id: 'draft-to-review' as SeamId,
      fromStepId: 'draft' as StepId,
      toStepId: 'review' as StepId,
      isAutomatic: false,
      needs: [],
      returnReasons: [],
      gapLimitMs: 4 * HOUR,
    },
  ],
  fields: [],
};

/** Created by alice of Sales three days ago, held since a day ago. */
const item: Item = {
  id: 'item-1' as ItemId,
  number: 1,
  key: 'ONB-1',
  workflowId: workflow.id,
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
  lastCommandIds: [],
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
    expect(lateMs(workflow, closed, NOON + 9 * DAY)).toBe(0);
  });

  it('never shows a negative age to a browser whose clock runs behind', () => {
    expect(heldMs(item, NOON - 2 * DAY)).toBe(0);
    expect(gapMs(offeredOver(seamRoute), NOON - DAY)).toBe(0);
  });

  it('is late for Sales only once the work limit of the step has passed', () => {
    expect(lateMs(workflow, item, NOON + DAY)).toBe(0);
    expect(isLate(workflow, item, NOON + DAY)).toBe(false);
    expect(lateMs(workflow, item, NOON + DAY + 1)).toBe(1);
    expect(isLate(workflow, { ...item, stepId: 'review' as StepId }, NOON + 900 * DAY)).toBe(false);
  });

  it('holds an open offer against the limit of its seam and not of the step', () => {
    expect(lateMs(workflow, offeredOver(seamRoute), NOON)).toBe(HOUR);
    expect(
      lateMs(
        workflow,
        offeredOver({ kind: 'skip', seamIds: ['x' as SeamId, 'draft-to-review' as SeamId] }),
        NOON,
      ),
    ).toBe(HOUR);
    expect(lateMs(workflow, offeredOver({ kind: 'back', seamId: 'draft-to-review' as SeamId }), NOON)).toBe(
      HOUR,
    );
    expect(lateMs(workflow, offeredOver({ kind: 'detour' }), NOON + 900 * DAY)).toBe(0);
  });

  it('lets waiting hide nothing, but keeps to a day that was promised', () => {
    expect(lateMs(workflow, waitingUntil(null), NOON)).toBe(3 * DAY);
    expect(lateMs(workflow, waitingUntil('2026-11-23'), NOON)).toBe(0);
    expect(lateMs(workflow, waitingUntil('2026-11-22'), NOON)).toBe(12 * HOUR);
  });
});
