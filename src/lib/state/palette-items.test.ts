import { expect, test } from 'vitest';
import type { TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Handoff, Item, Member } from '#lib/workflow/state.ts';
import { likeliestFirst } from './palette-items.ts';

const [SALES, LEGAL] = ['sales', 'legal'] as unknown as [TeamId, TeamId];
const alice: Member = { userId: 'alice' as UserId, isAdmin: false, roles: { [SALES]: 'member' } };

function card(name: string, movedAt: number, more: { isMine?: boolean; item?: Partial<Item> } = {}) {
  const responsibility = { seq: 1, by: alice.userId, at: movedAt, event: 'itemCreated' } as const;
  const item = { closed: null, handoff: null, holderTeamId: LEGAL, responsibility, ...more.item };
  return { name, isMine: more.isMine ?? false, item };
}

test('alice of Sales is offered her own items first, then those of Sales, and what moved last ahead of the oldest', () => {
  const closed = { kind: 'completed', by: alice.userId, at: 9, reason: '' } as const;
  const cards = [
    card('old of Legal', 1),
    card('closed', 9, { isMine: true, item: { closed } }),
    card('old of Sales', 2, { item: { holderTeamId: SALES } }),
    card('new of Legal', 8),
    card('offered to Sales', 3, { item: { handoff: { toTeamId: SALES } as Handoff } }),
    card('hers, old', 1, { isMine: true }),
    card('hers, new', 5, { isMine: true }),
  ];
  expect(likeliestFirst(cards, alice).map(({ name }) => name)).toEqual([
    'hers, new',
    'hers, old',
    'offered to Sales',
    'old of Sales',
    'new of Legal',
    'old of Legal',
    'closed',
  ]);
});
