import { expect, test } from 'vitest';
import type { Command } from '#lib/workflow/commands.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { drafted, offeredToLegal, type TestBoard } from '../../../tests/support/board.ts';
import { project, type PendingCommand, type PendingState } from './project.ts';

const ALICE = 'alice' as UserId;
const ITEM = 'item-1' as ItemId;
const QUEUED: PendingState = { kind: 'queued' };

function pending(board: TestBoard, command: unknown, state: PendingState = QUEUED): PendingCommand {
  return { command: command as Command, issuedAt: board.nowMs, state };
}

const offerFacts = { seamId: 'draft-to-review', facts: { company: 'Acme Ltd', contact: 'alice' } };

test('an offer made offline shows as offered, and the board itself is not changed', () => {
  const board = drafted();
  const offer = board.command('offerHandoff', offerFacts);
  const before = structuredClone(board.item());
  const { state, pendingByItem, localRefusals } = project(
    board.state,
    [pending(board, offer)],
    ALICE,
    board.nowMs,
  );
  expect(state.items.get(ITEM)?.handoff).toMatchObject({ toTeamId: 'legal', offeredBy: 'alice' });
  expect(pendingByItem.get(ITEM)).toEqual([offer.id]);
  expect(localRefusals.size).toBe(0);
  expect([...state.changedItems().keys()]).toEqual([ITEM]);
  expect(board.item()).toEqual(before);
});

test('a chain is projected in order; when its head is refused, what depends on it is not shown', () => {
  const board = drafted();
  const offer = board.command('offerHandoff', offerFacts);
  const after = { basis: { after: offer.id } };
  const withdraw = board.command('withdrawHandoff', { ...after, handoffId: 'handoff-3' });
  const chain = [pending(board, { ...offer, handoffId: 'handoff-3' }), pending(board, withdraw)];
  expect(project(board.state, chain, ALICE, board.nowMs).state.items.get(ITEM)?.handoff).toBeNull();

  const refused: PendingState = { kind: 'refused', refusal: { code: 'notAllowed' }, at: 0 };
  const rest = project(
    board.state,
    [pending(board, offer, refused), pending(board, withdraw)],
    ALICE,
    board.nowMs,
  );
  expect(rest.localRefusals.get(withdraw.id)?.code).toBe('dependsOnRefused');
  expect(rest.state.changedItems().size).toBe(0);
  expect(rest.pendingByItem.get(ITEM)).toEqual([withdraw.id]);
});

test('what the document contains already is skipped, whether the verdict has come or not', () => {
  const board = drafted();
  const offer = board.command('offerHandoff', offerFacts);
  board.submit('alice', offer);
  const accepted: PendingState = { kind: 'accepted', seq: board.state.seq, at: board.nowMs };
  for (const state of [accepted, QUEUED, { kind: 'sent' } as const]) {
    const projected = project(board.state, [pending(board, offer, state)], ALICE, board.nowMs);
    expect(projected.pendingByItem.size).toBe(0);
    expect(projected.state.changedItems().size).toBe(0);
  }
  // A command built on it is still in order.
  const withdraw = board.command('withdrawHandoff', { basis: { after: offer.id } });
  const next = project(board.state, [pending(board, offer), pending(board, withdraw)], ALICE, board.nowMs);
  expect(next.localRefusals.size).toBe(0);
  expect(next.state.items.get(ITEM)?.handoff).toBeNull();
});

test('an accepted command ahead of the document shows at once, and a stale one of bob’s is no verdict', () => {
  const board = drafted();
  const offer = board.command('offerHandoff', offerFacts);
  const ahead: PendingState = { kind: 'accepted', seq: board.state.seq + 5, at: board.nowMs };
  expect(
    project(board.state, [pending(board, offer, ahead)], ALICE, board.nowMs).state.items.get(ITEM)?.handoff,
  ).not.toBeNull();

  const contested = offeredToLegal();
  const accept = contested.command('acceptHandoff');
  contested.tell('alice', 'withdrawHandoff');
  const projected = project(contested.state, [pending(contested, accept)], 'bob' as UserId, contested.nowMs);
  expect(projected.localRefusals.get(accept.id)?.code).toBe('itemMovedOn');
  expect(projected.state.items.get(ITEM)?.holderTeamId).toBe('sales');
});

test('the clocks of a pending offer begin when it was issued, not at every drawing', () => {
  const board = drafted();
  const offer = pending(board, board.command('offerHandoff', offerFacts));
  const early = project(board.state, [offer], ALICE, board.nowMs + 1_000).state.items.get(ITEM);
  const late = project(board.state, [offer], ALICE, board.nowMs + 60_000).state.items.get(ITEM);
  expect(late).toEqual(early);
});
