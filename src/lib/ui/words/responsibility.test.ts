import { expect, test } from 'vitest';
import type { HandoffId } from '#lib/workflow/ids.ts';
import type { Handoff } from '#lib/workflow/state.ts';
import { responsibilitySentence, unsentSentence } from './responsibility.ts';
import { alice, bob, draft, itemWith, legal, namesFor, review, sales, toLegal } from './sample-board.ts';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const offer: Handoff = {
  id: 'h' as HandoffId,
  route: { kind: 'seam', seamId: toLegal },
  fromStepId: draft,
  toStepId: review,
  fromTeamId: sales,
  toTeamId: legal,
  offeredBy: alice,
  offeredAt: now,
  note: '',
  reason: null,
  needsLead: false,
};

test('an offered item says who moves next and who answers for it until then', () => {
  expect(responsibilitySentence(itemWith({ handoff: offer }), namesFor(alice), now)).toBe(
    'Legal moves next, and accepts it or returns it. Until then Sales answers for it.',
  );
});

test('whoever is of the team that was asked is among those who move next', () => {
  expect(responsibilitySentence(itemWith({ handoff: offer }), namesFor(bob), now)).toBe(
    'You or somebody of Legal moves next, and accepts it or returns it. Until then Sales answers for it.',
  );
});

test('an offer that was not sent does not sound as if Legal had been asked', () => {
  expect(unsentSentence(itemWith({ handoff: offer }), namesFor(alice), now)).toBe(
    'Not sent yet, so nobody else knows. Once it is sent: Legal moves next, and accepts it or returns it. Until then Sales answers for it.',
  );
});

test('after the third bounce only a lead of Legal moves next', () => {
  const item = itemWith({ handoff: { ...offer, needsLead: true } });
  expect(responsibilitySentence(item, namesFor(bob), now)).toContain('A lead of Legal moves next');
});

test('alice reads "you" where bob reads her name', () => {
  const item = itemWith({ ownerId: alice });
  expect(responsibilitySentence(item, namesFor(alice), now)).toBe('You have it for Sales, and move next.');
  expect(responsibilitySentence(item, namesFor(bob), now)).toBe(
    'Alice Amsel of Sales has it and moves next.',
  );
});

test('an unclaimed item says that somebody of its team has to claim it', () => {
  expect(responsibilitySentence(itemWith({}), namesFor(bob), now)).toBe(
    'Sales has it, unclaimed. Somebody of Sales claims it next.',
  );
});

test('a waiting item says on whom, for what and until when', () => {
  const waiting = {
    on: 'customer',
    what: 'a signed copy',
    since: now,
    until: '2026-12-03',
    by: alice,
  } as const;
  const item = itemWith({ ownerId: alice, waiting });
  expect(responsibilitySentence(item, namesFor(bob), now)).toBe(
    'Alice Amsel is waiting on the customer: a signed copy, until 3 Dec.',
  );
  expect(responsibilitySentence(item, namesFor(alice), now)).toMatch(/^You are waiting on the customer/);
});

test('a closed item says that nobody has to move, or why it was cancelled', () => {
  const closed = { kind: 'completed', at: now - 60_000, by: bob, reason: '' } as const;
  expect(responsibilitySentence(itemWith({ closed }), namesFor(alice), now)).toBe(
    'Bob Bach completed it at 11:59. Nobody has to move.',
  );
  const cancelled = { ...closed, kind: 'cancelled', reason: 'Customer withdrew' } as const;
  expect(responsibilitySentence(itemWith({ closed: cancelled }), namesFor(alice), now)).toBe(
    'Bob Bach cancelled it at 11:59: Customer withdrew.',
  );
});
