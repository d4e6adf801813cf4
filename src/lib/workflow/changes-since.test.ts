import { describe, expect, it } from 'vitest';
import { inReview, LEGAL, PROVISIONING, SALES } from '../../../tests/support/board.ts';
import { changesSince } from './changes-since.ts';

describe('what has changed since a team last had an item', () => {
  it('W91: nothing is news to a team that has never let it go', () => {
    const board = inReview();
    board.tell('bob', 'recordFacts', { facts: { seats: 3 } });
    expect(changesSince(board.log, LEGAL)).toBeNull();
    expect(changesSince(board.log, PROVISIONING)).toBeNull();
  });

  it('W91: alice of Sales is told what bob of Legal changed, filled in and cleared, and no more', () => {
    const board = inReview();
    const leftAt = board.nowMs;
    board.tell('bob', 'recordFacts', { facts: { company: 'Acme AG', seats: 3, contact: null } });
    board.tell('bob', 'addComment');
    board.tell('alice', 'addComment');
    expect(changesSince(board.log, SALES)).toEqual({
      leftAt,
      facts: [
        { key: 'company', before: 'Acme Ltd', after: 'Acme AG' },
        { key: 'contact', before: 'alice', after: null },
        { key: 'seats', before: null, after: 3 },
      ],
      comments: 2,
      teamIds: [LEGAL],
    });
  });

  it('W91: what was changed and changed back is no change', () => {
    const board = inReview();
    board.tell('bob', 'recordFacts', { facts: { company: 'Acme AG' } });
    board.tell('bob', 'recordFacts', { facts: { company: 'Acme Ltd' } });
    expect(changesSince(board.log, SALES)?.facts).toEqual([]);
  });

  it('W91: it begins anew when the team has had it once more and let it go', () => {
    const board = inReview();
    board.tell('bob', 'recordFacts', { facts: { seats: 3 } });
    board.tell('bob', 'addComment');
    board.tell('bob', 'sendBack');
    board.tell('alice', 'acceptHandoff');
    expect(changesSince(board.log, SALES)).toMatchObject({ facts: [{ key: 'seats' }], comments: 1 });
    // What happens to it while Sales has it is no news to Sales.
    board.tell('alice', 'recordFacts', { facts: { seats: 4, company: 'Acme AG' } });
    board.tell('bob', 'addComment');
    expect(changesSince(board.log, SALES)).toMatchObject({
      facts: [{ key: 'seats', after: 3 }],
      comments: 1,
      teamIds: [LEGAL],
    });
    board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    board.tell('bob', 'acceptHandoff');
    expect(changesSince(board.log, SALES)).toMatchObject({ facts: [], comments: 0, teamIds: [LEGAL] });
    // For Legal it began when it sent the item back: Sales has had it since.
    expect(changesSince(board.log, LEGAL)).toMatchObject({
      facts: [{ key: 'company' }, { key: 'seats', before: 3, after: 4 }],
      comments: 1,
      teamIds: [SALES],
    });
  });
});
