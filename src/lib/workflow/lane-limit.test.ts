import { describe, expect, it } from 'vitest';
import {
  inReview,
  LEGAL,
  offeredToLegal,
  outcome,
  SALES,
  SUPPORT,
  TestBoard,
} from '../../../tests/support/board.ts';

const toReview = { seamId: 'draft-to-review', facts: { company: 'Acme', contact: 'alice' } };

describe('the limit of a lane', () => {
  it('W60: alice cannot create a third item where Sales may hold two', () => {
    const board = new TestBoard({ limits: { sales: 2 } });
    board.tell('alice', 'createItem', { itemId: 'item-1' });
    board.tell('amy', 'createItem', { itemId: 'item-2' });
    expect(board.ask('alice', 'createItem', { itemId: 'item-3' })).toEqual({
      ok: false,
      refusal: { code: 'laneFull', teamId: SALES, limit: 2, count: 2 },
    });
  });

  it('W60: bob cannot accept while Legal is full, and can once something has left', () => {
    const board = inReview({ limits: { legal: 1 } });
    board.tell('alice', 'createItem', { itemId: 'item-2' });
    board.tell('alice', 'offerHandoff', { ...toReview, itemId: 'item-2' });
    expect(board.ask('bob', 'acceptHandoff', { itemId: 'item-2' })).toEqual({
      ok: false,
      refusal: { code: 'laneFull', teamId: LEGAL, limit: 1, count: 1 },
    });
    board.tell('bob', 'completeItem', { itemId: 'item-1' });
    expect(outcome(board.ask('bob', 'acceptHandoff', { itemId: 'item-2' }))).toBe('handoffAccepted');
  });

  it('W60: what would arrive by itself at a full Support is not offered', () => {
    const board = inReview({ limits: { support: 0 } });
    board.tell('bob', 'offerHandoff');
    board.tell('carol', 'acceptHandoff');
    for (const facts of [{ signed: true }, {}]) {
      expect(board.ask('carol', 'offerHandoff', { seamId: 'setup-to-live', facts })).toEqual({
        ok: false,
        refusal: { code: 'laneFull', teamId: SUPPORT, limit: 0, count: 0 },
      });
    }
  });

  it('W60: does not hold up what moves inside one team, nor what is reopened', () => {
    const board = new TestBoard({ limits: { sales: 1 } });
    board.tell('alice', 'createItem', { itemId: 'item-1' });
    expect(outcome(board.ask('alice', 'offerHandoff', { seamId: 'draft-to-pricing', facts: {} }))).toBe(
      'handoffOffered + handoffAccepted',
    );
    board.tell('amy', 'cancelItem', { itemId: 'item-1' });
    board.tell('alice', 'createItem', { itemId: 'item-2' });
    board.tell('amy', 'reopenItem', { itemId: 'item-1' });
    expect(board.state.heldCounts.get(SALES)).toBe(2);
  });

  it('W60: an offer may wait at a full lane, for that is what Incoming is for', () => {
    const board = inReview({ limits: { legal: 1 } });
    board.tell('alice', 'createItem', { itemId: 'item-2' });
    expect(outcome(board.ask('alice', 'offerHandoff', { ...toReview, itemId: 'item-2' }))).toBe(
      'handoffOffered',
    );
  });

  it('W61: counts what a team holds, offered items with their sender, closed ones with nobody', () => {
    const board = offeredToLegal();
    const counts = () => [SALES, LEGAL].map((teamId) => board.state.heldCounts.get(teamId) ?? 0);
    expect(counts()).toEqual([1, 0]);
    board.tell('bob', 'acceptHandoff');
    expect(counts()).toEqual([0, 1]);
    board.tell('bob', 'startWaiting');
    expect(counts()).toEqual([0, 1]);
    board.tell('bob', 'completeItem');
    expect(counts()).toEqual([0, 0]);
    board.tell('ben', 'reopenItem');
    expect(counts()).toEqual([0, 1]);
  });
});
