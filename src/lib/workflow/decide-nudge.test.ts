import { describe, expect, it } from 'vitest';
import { inReview, offeredToLegal, outcome } from '../../../tests/support/board.ts';
import { NUDGE_EVERY_MS } from './decide-nudge.ts';

describe('a nudge', () => {
  it('W92: alice of Sales asks after her offer; nobody can do so again for four hours', () => {
    const board = offeredToLegal();
    board.tell('alice', 'nudgeItem');
    const at = board.nowMs;
    expect(board.item().nudged).toEqual({ by: 'alice', at, count: 1 });
    board.nowMs = at + NUDGE_EVERY_MS - 1;
    expect(board.ask('dave', 'nudgeItem')).toEqual({
      ok: false,
      refusal: { code: 'nudgedLately', by: 'alice', at, againAt: at + NUDGE_EVERY_MS },
    });
    board.nowMs = at + NUDGE_EVERY_MS;
    board.tell('dave', 'nudgeItem');
    expect(board.item().nudged).toMatchObject({ by: 'dave', count: 2 });
  });

  it('W92: it changes neither who is responsible nor a clock, so bob of Legal accepts what he saw before it', () => {
    const board = offeredToLegal();
    const before = board.item();
    const acceptance = board.command('acceptHandoff');
    board.tell('alice', 'nudgeItem');
    const { responsibility, handoff, heldSince, returned, waiting } = board.item();
    expect({ responsibility, handoff, heldSince, returned, waiting }).toEqual({
      responsibility: before.responsibility,
      handoff: before.handoff,
      heldSince: before.heldSince,
      returned: before.returned,
      waiting: before.waiting,
    });
    expect(outcome(board.submit('bob', acceptance))).toBe('handoffAccepted');
  });

  it('W92: whoever moves has answered it; a comment has not', () => {
    const board = inReview();
    board.tell('alice', 'nudgeItem');
    board.tell('bob', 'addComment');
    expect(board.item().nudged).toBeDefined();
    board.tell('bob', 'startWaiting');
    expect(board.item()).not.toHaveProperty('nudged');
    board.tell('alice', 'nudgeItem');
    expect(board.item().nudged?.count).toBe(1);
  });
});
