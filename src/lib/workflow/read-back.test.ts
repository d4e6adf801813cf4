import { describe, expect, it } from 'vitest';
import { drafted, LEGAL, offeredToLegal, outcome, TestBoard } from '../../../tests/support/board.ts';
import { laneVerdict } from './legal-moves.ts';
import type { UserId } from './ids.ts';
import { readBackIn } from './read-back.ts';

/** Offered to Legal over the seam that asks what happens next. */
function offeredFromPricing(): TestBoard {
  const board = drafted();
  board.tell('alice', 'offerHandoff', { seamId: 'draft-to-pricing', facts: {} });
  board.tell('alice', 'offerHandoff', { seamId: 'pricing-to-review', facts: { company: 'Acme' } });
  return board;
}

describe('a seam that asks whoever accepts what they do next', () => {
  it('W90: bob of Legal is refused without a line, and with a blank one, and nothing has moved', () => {
    const board = offeredFromPricing();
    for (const readBack of [undefined, '', ' \n'])
      expect(outcome(board.ask('bob', 'acceptHandoff', { readBack }))).toBe('readBackRequired');
    expect(board.item().handoff).not.toBeNull();
  });

  it('W90: what bob says stands in the log, for alice of Sales to read, until somebody else takes the item', () => {
    const board = offeredFromPricing();
    board.tell('bob', 'acceptHandoff', { readBack: 'Check the price list' });
    expect(readBackIn(board.log)).toEqual({ by: 'bob', text: 'Check the price list' });
    board.tell('bob', 'offerHandoff');
    expect(readBackIn(board.log)).toEqual({ by: 'bob', text: 'Check the price list' });
    board.tell('carol', 'acceptHandoff', { readBack: undefined });
    expect(readBackIn(board.log)).toBeNull();
  });

  it('W90: another seam does not ask, and keeps what is said all the same', () => {
    const asked = offeredToLegal();
    expect(outcome(asked.ask('bob', 'acceptHandoff', { readBack: undefined }))).toBe('handoffAccepted');
    asked.tell('bob', 'acceptHandoff', { readBack: 'Call them' });
    expect(readBackIn(asked.log)).toEqual({ by: 'bob', text: 'Call them' });
  });

  it('W90: on the way back over it nobody is asked', () => {
    const board = offeredFromPricing();
    board.tell('bob', 'acceptHandoff');
    board.tell('bob', 'sendBack', { reasonId: 'too-cheap' });
    expect(outcome(board.ask('alice', 'acceptHandoff', { readBack: undefined }))).toBe('handoffAccepted');
  });

  it('W90: the lane shows that bob may accept, before he has said anything', () => {
    const board = offeredFromPricing();
    const bob = { userId: 'bob' as UserId };
    expect(laneVerdict(board.state, board.item(), bob, LEGAL).kind).toBe('accept');
  });
});
