import { expect, test } from 'vitest';
import type { Entry, Event } from '#lib/workflow/events.ts';
import type { CommandId, CommentId, HandoffId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { historyLines } from './history.ts';
import {
  alice,
  bob,
  contractValue,
  draft,
  legal,
  namesFor,
  review,
  sales,
  startDate,
  toLegal,
  wrongEntity,
} from './sample-board.ts';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const itemId = 'item' as ItemId;
const handoffId = 'h' as HandoffId;
const offered: Event = {
  type: 'handoffOffered',
  itemId,
  handoffId,
  route: { kind: 'seam', seamId: toLegal },
  fromStepId: draft,
  toStepId: review,
  fromTeamId: sales,
  toTeamId: legal,
  facts: {},
  note: 'In a hurry',
  reason: null,
  needsLead: false,
};
const accepted: Event = {
  type: 'handoffAccepted',
  itemId,
  handoffId,
  stepId: review,
  teamId: legal,
  ownerId: bob,
  order: 'a0',
  isAutomatic: false,
};

function entry(seq: number, actorId: UserId, events: readonly Event[], at = now): Entry {
  return { seq, actorId, events, at, commandId: `c${seq}` as CommandId, rulesVersion: 1, format: 1 };
}

function told(...entries: readonly Entry[]): string[] {
  return historyLines(entries, namesFor(alice), now).map((line) => line.text);
}

test('a handoff from alice to bob is told in the order it happened, with "you" for the reader', () => {
  const entries = [entry(1, alice, [offered]), entry(2, bob, [accepted])];
  expect(told(...entries)).toEqual([
    'You offered it to Legal, for Review',
    'Bob Bach accepted it for Legal, in Review',
  ]);
  expect(historyLines(entries, namesFor(alice), now)[0]?.quote).toBe('In a hurry');
});

test('an automatic handoff is one line, and so is an offer out of waiting', () => {
  expect(told(entry(1, bob, [offered, { ...accepted, isAutomatic: true }]))).toEqual([
    'Bob Bach handed it to Legal, for Review',
  ]);
  expect(told(entry(1, bob, [{ type: 'workResumed', itemId }, offered]))).toEqual([
    'Bob Bach offered it to Legal, for Review',
  ]);
});

test('a return names its reason and what was missing', () => {
  const reason = { reasonId: wrongEntity, note: 'See the register', missing: [contractValue] };
  expect(told(entry(1, bob, [{ type: 'handoffReturned', itemId, handoffId, reason }]))).toEqual([
    'Bob Bach returned it: wrong company (Contract value)',
  ]);
});

test('fields that bob fills in one after the other are one line, until somebody else acts', () => {
  const value = { type: 'factsRecorded', itemId, facts: { [contractValue]: 12_000 } } as const;
  const start = { type: 'factsRecorded', itemId, facts: { [startDate]: '2026-12-03' } } as const;
  const comment = { type: 'commentAdded', itemId, commentId: 'k' as CommentId, text: 'Thanks' } as const;
  expect(told(entry(1, bob, [value]), entry(2, bob, [start], now + 60_000))).toEqual([
    'Bob Bach filled in Contract value and Start date',
  ]);
  expect(told(entry(1, bob, [value]), entry(2, alice, [comment]), entry(3, bob, [start]))).toEqual([
    'Bob Bach set Contract value to 12,000',
    'You wrote',
    'Bob Bach set Start date to 3 Dec',
  ]);
  expect(told(entry(1, bob, [value]), entry(2, bob, [start], now + 11 * 60_000))).toHaveLength(2);
});

test('what bob ticks off in one go is one line, and none where he has filled in fields along with it', () => {
  const counted = (done: number) =>
    ({ type: 'checklistCounted', itemId, checklist: { done, total: 5 } }) as const;
  const value = { type: 'factsRecorded', itemId, facts: { [contractValue]: 12_000 } } as const;
  expect(told(entry(1, bob, [counted(2)]), entry(2, bob, [counted(4)], now + 60_000))).toEqual([
    'Bob Bach brought the checklist to 4 of 5 done',
  ]);
  expect(told(entry(1, bob, [counted(2)]), entry(2, alice, [counted(3)]))).toHaveLength(2);
  expect(told(entry(1, bob, [value, counted(5)]))).toEqual(['Bob Bach set Contract value to 12,000']);
});

test('putting cards in order leaves no line', () => {
  expect(told(entry(1, bob, [{ type: 'itemOrdered', itemId, order: 'a1' }]))).toEqual([]);
});
