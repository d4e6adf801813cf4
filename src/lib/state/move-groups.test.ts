import { describe, expect, test } from 'vitest';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { HandoffId, ItemId, SeamId, StepId, TeamId, UserId, WorkflowId } from '#lib/workflow/ids.ts';
import { stallOf } from '#lib/workflow/stall.ts';
import type { Handoff, Item, Member, Return, Waiting } from '#lib/workflow/state.ts';
import { compareMoves, personalMove } from './move-groups.ts';

const HOUR_MS = 60 * 60 * 1000;
const NOW_MS = Date.UTC(2026, 10, 23, 9);
const SALES = 'sales' as TeamId;
const LEGAL = 'legal' as TeamId;
const alice: Member = { userId: 'alice' as UserId, isAdmin: false, roles: { [SALES]: 'member' } };
const bob: Member = { userId: 'bob' as UserId, isAdmin: false, roles: { [LEGAL]: 'member' } };
const carol: Member = { userId: 'carol' as UserId, isAdmin: false, roles: { [SALES]: 'member' } };
const dave: Member = { userId: 'dave' as UserId, isAdmin: false, roles: { [LEGAL]: 'lead' } };
const admin: Member = { userId: 'admin' as UserId, isAdmin: true, roles: {} };
const viewer: Member = { userId: 'viewer' as UserId, isAdmin: false, roles: { [SALES]: 'viewer' } };

const workflow: WorkflowVersion = {
  id: 'onboarding' as WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: 'draft' as StepId,
  steps: [
    { id: 'draft' as StepId, name: 'Draft', teamId: SALES, isFinal: false, workLimitMs: 48 * HOUR_MS },
    { id: 'review' as StepId, name: 'Review', teamId: LEGAL, isFinal: true, workLimitMs: null },
  ],
  seams: [
    {
      id: 'to-legal' as SeamId,
      fromStepId: 'draft' as StepId,
      toStepId: 'review' as StepId,
      isAutomatic: false,
      needs: [],
      returnReasons: [],
      gapLimitMs: 8 * HOUR_MS,
    },
  ],
  fields: [],
};

function itemWith(more: Partial<Item> = {}): Item {
  return {
    id: 'item' as ItemId,
    number: 1,
    key: 'ONB-1',
    workflowId: workflow.id,
    workflowVersion: 1,
    facts: { title: 'Northwind' },
    stepId: 'draft' as StepId,
    holderTeamId: SALES,
    ownerId: null,
    handoff: null,
    returned: null,
    waiting: null,
    closed: null,
    trail: [],
    bounces: {},
    deviations: 0,
    order: 'a0',
    createdAt: NOW_MS - 5 * HOUR_MS,
    heldSince: NOW_MS - 5 * HOUR_MS,
    commentCount: 0,
    seq: 1,
    responsibility: { seq: 1, by: alice.userId, at: 0, event: 'itemCreated' },
    lastCommands: [],
    ...more,
  };
}

function offered(hoursAgo: number, more: Partial<Handoff> = {}): Handoff {
  return {
    id: 'handoff' as HandoffId,
    route: { kind: 'seam', seamId: 'to-legal' as SeamId },
    fromStepId: 'draft' as StepId,
    toStepId: 'review' as StepId,
    fromTeamId: SALES,
    toTeamId: LEGAL,
    offeredBy: alice.userId,
    offeredAt: NOW_MS - hoursAgo * HOUR_MS,
    note: '',
    reason: null,
    needsLead: false,
    ...more,
  };
}

const returned: Return = {
  handoffId: 'handoff' as HandoffId,
  route: { kind: 'seam', seamId: 'to-legal' as SeamId },
  byTeamId: LEGAL,
  by: bob.userId,
  at: NOW_MS - 2 * HOUR_MS,
  reason: { reasonId: null, note: 'No signature', missing: [] },
};

function waiting(until: string | null): Waiting {
  return { on: 'customer', what: 'a copy', since: NOW_MS - 3 * HOUR_MS, until, by: alice.userId };
}

const stallNow = (item: Item) =>
  stallOf(item, workflow, { usual: () => undefined, hours: () => undefined }, NOW_MS);
const moveFor = (member: Member, item: Item) => personalMove(item, stallNow(item), member, NOW_MS);
const groupFor = (member: Member, item: Item) => moveFor(member, item)?.group ?? null;
const isTurnOf = (member: Member, item: Item) => moveFor(member, item)?.isOwnTurn;

describe('which group an item is in', () => {
  test('what Sales has offered is for bob of Legal to take, and for alice of Sales to watch', () => {
    const item = itemWith({ handoff: offered(1) });
    expect(groupFor(bob, item)).toBe('offered');
    expect(groupFor(alice, item)).toBe('notTaken');
    expect([isTurnOf(bob, item), isTurnOf(alice, item)]).toEqual([true, false]);
  });

  test('past its limit it is stalled for both, and still only the turn of bob, who has to take it', () => {
    const item = itemWith({ handoff: offered(10) });
    expect([groupFor(bob, item), groupFor(alice, item)]).toEqual(['stalled', 'stalled']);
    expect([isTurnOf(bob, item), isTurnOf(alice, item)]).toEqual([true, false]);
    expect(moveFor(bob, item)?.stall?.fromMs).toBe(NOW_MS - 2 * HOUR_MS);
  });

  test('an offer that only a lead may take is shown to bob and is the turn of dave, who leads', () => {
    const item = itemWith({ handoff: offered(1, { needsLead: true }) });
    expect(groupFor(bob, item)).toBe('offered');
    expect([isTurnOf(bob, item), isTurnOf(dave, item)]).toEqual([false, true]);
  });

  test('what came back is returned for all of Sales, and the turn of its owner', () => {
    const item = itemWith({ returned, ownerId: carol.userId });
    expect([groupFor(alice, item), groupFor(carol, item)]).toEqual(['returned', 'returned']);
    expect([isTurnOf(alice, item), isTurnOf(carol, item)]).toEqual([false, true]);
  });

  test('work in hand is its owner’s, and an unclaimed item is the whole team’s', () => {
    const owned = itemWith({ ownerId: alice.userId });
    expect([groupFor(alice, owned), groupFor(carol, owned), groupFor(bob, owned)]).toEqual([
      'mine',
      null,
      null,
    ]);
    expect([groupFor(alice, itemWith()), isTurnOf(alice, itemWith())]).toEqual(['unclaimed', false]);
  });

  test('what waits is its owner’s to watch, and counts for nobody', () => {
    const item = itemWith({ ownerId: alice.userId, returned, waiting: waiting(null) });
    expect([groupFor(alice, item), isTurnOf(alice, item)]).toEqual(['waiting', false]);
    expect(groupFor(carol, item)).toBeNull();
  });

  test('a wait whose day has come is due, and stalled once that day is over', () => {
    const due = moveFor(alice, itemWith({ waiting: waiting('2026-11-23') }));
    expect(due).toMatchObject({ group: 'waiting', isDue: true, stall: null });
    const ahead = moveFor(alice, itemWith({ waiting: waiting('2026-11-24') }));
    expect(ahead).toMatchObject({ group: 'waiting', isDue: false });
    expect(groupFor(alice, itemWith({ waiting: waiting('2026-11-22') }))).toBe('stalled');
  });

  test('an admin sees what they own, and not the work of every team', () => {
    expect(groupFor(admin, itemWith())).toBeNull();
    expect(groupFor(admin, itemWith({ handoff: offered(10) }))).toBeNull();
    expect(groupFor(admin, itemWith({ ownerId: admin.userId }))).toBe('mine');
  });

  test('a viewer and a closed item have no moves', () => {
    expect(groupFor(viewer, itemWith({ ownerId: viewer.userId }))).toBeNull();
    const closed = { kind: 'completed', at: NOW_MS, by: alice.userId, reason: '' } as const;
    expect(groupFor(alice, itemWith({ closed }))).toBeNull();
  });
});

test('the longest waiting stands first, except that what is due goes before', () => {
  const moveOf = (item: Item) => moveFor(alice, item)!;
  const older = moveOf(itemWith({ waiting: { ...waiting(null), since: NOW_MS - 9 * HOUR_MS } }));
  const newer = moveOf(itemWith({ waiting: waiting('2026-12-24') }));
  const due = moveOf(itemWith({ waiting: waiting('2026-11-23') }));
  expect([newer, due, older].sort(compareMoves)).toEqual([due, older, newer]);
});
