import { describe, expect, it } from 'vitest';
import { drafted, inReview, LEGAL, offeredToLegal, SALES, TestBoard } from '../../../tests/support/board.ts';
import { nextMove } from './responsibility.ts';

describe('nextMove', () => {
  it('is somebody of the holding team until one of them claims it, then that person', () => {
    const board = new TestBoard();
    board.tell('alice', 'createItem');
    expect(nextMove(board.item())).toEqual({ kind: 'work', teamId: SALES, ownerId: null, isReturned: false });
    board.tell('amy', 'claimItem');
    expect(nextMove(board.item())).toEqual({
      kind: 'work',
      teamId: SALES,
      ownerId: 'amy',
      isReturned: false,
    });
  });

  it('is the receiving team while an offer is open, with the sender accountable until then', () => {
    const board = offeredToLegal();
    expect(nextMove(board.item())).toEqual({
      kind: 'accept',
      teamId: LEGAL,
      accountableTeamId: SALES,
      handoffId: board.item().handoff?.id,
      needsLead: false,
    });
  });

  it('is the sender again once bob of Legal has returned it', () => {
    const board = offeredToLegal();
    board.tell('bob', 'returnHandoff', { reasonId: 'incomplete' });
    expect(nextMove(board.item())).toEqual({
      kind: 'work',
      teamId: SALES,
      ownerId: 'alice',
      isReturned: true,
    });
  });

  it('says whom a waiting item waits for, for what, and until when', () => {
    const board = inReview();
    board.tell('bob', 'startWaiting', { on: 'customer', what: 'Register extract', until: '2026-12-01' });
    expect(nextMove(board.item())).toEqual({
      kind: 'wait',
      teamId: LEGAL,
      ownerId: 'bob',
      on: 'customer',
      what: 'Register extract',
      until: '2026-12-01',
    });
  });

  it('is nobody once the item is closed', () => {
    const board = drafted();
    board.tell('amy', 'cancelItem');
    expect(nextMove(board.item())).toEqual({ kind: 'closed' });
  });
});
