import { describe, expect, it } from 'vitest';
import { drafted, inReview, LEGAL, offeredToLegal, SALES } from '../../../tests/support/board.ts';
import { placeOf } from './place.ts';

describe('placeOf', () => {
  it('draws an item with its holder while alice of Sales works on it', () => {
    expect(placeOf(drafted().item())).toEqual({ teamId: SALES, column: 'working' });
  });

  it('draws an offered item in the lane of bob of Legal, who may accept it', () => {
    expect(placeOf(offeredToLegal().item())).toEqual({ teamId: LEGAL, column: 'incoming' });
  });

  it('draws a waiting item with its holder, and a closed one nowhere', () => {
    const board = inReview();
    board.tell('bob', 'startWaiting');
    expect(placeOf(board.item())).toEqual({ teamId: LEGAL, column: 'waiting' });
    board.tell('bob', 'completeItem');
    expect(placeOf(board.item())).toBeNull();
  });
});
