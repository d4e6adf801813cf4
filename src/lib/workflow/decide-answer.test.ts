import { describe, expect, it } from 'vitest';
import { drafted, inReview, LEGAL, offeredToLegal, outcome, SALES } from '../../../tests/support/board.ts';

describe('an open handoff', () => {
  it('W30: until bob of Legal accepts, Sales stays the holder, in the same step, with the same owner', () => {
    const before = drafted().item();
    const { stepId, holderTeamId, ownerId, handoff, heldSince } = offeredToLegal().item();
    expect({ stepId, holderTeamId, ownerId, heldSince }).toEqual({
      stepId: before.stepId,
      holderTeamId: SALES,
      ownerId: 'alice',
      heldSince: before.heldSince,
    });
    expect(handoff).toMatchObject({
      fromTeamId: SALES,
      toTeamId: LEGAL,
      offeredBy: 'alice',
      toStepId: 'review',
    });
  });

  it('W31: bob accepts, and step, holder, owner and order move at once', () => {
    const board = offeredToLegal();
    board.tell('bob', 'acceptHandoff', { order: 'a7' });
    expect(board.log.at(-1)?.events.map((event) => event.type)).toEqual(['handoffAccepted']);
    expect(board.item()).toMatchObject({
      stepId: 'review',
      holderTeamId: LEGAL,
      ownerId: 'bob',
      order: 'a7',
      handoff: null,
      heldSince: board.nowMs,
    });
    expect(board.item().trail).toMatchObject([{ stepId: 'draft', teamId: SALES, leftAt: board.nowMs }]);
  });

  it('W32: a second offer, a deviation or a way back waits until the first is answered', () => {
    const board = inReview();
    board.tell('bob', 'offerHandoff');
    for (const type of ['offerHandoff', 'offerDeviation', 'sendBack'] as const) {
      expect(outcome(board.ask('ben', type))).toBe('handoffOpen');
    }
    board.tell('carol', 'returnHandoff');
    expect(outcome(board.ask('ben', 'sendBack'))).toBe('handoffOffered');
  });

  it('W32: an answer is to the handoff it names, and not to a later one', () => {
    const board = offeredToLegal();
    const handoffId = board.item().handoff?.id;
    board.tell('alice', 'withdrawHandoff');
    board.tell('alice', 'offerHandoff', {
      seamId: 'draft-to-review',
      facts: { company: 'Acme', contact: 'alice' },
    });
    for (const type of ['acceptHandoff', 'returnHandoff', 'withdrawHandoff'] as const) {
      expect(outcome(board.ask('bob', type, { handoffId }))).toBe('noOpenHandoff');
    }
  });
});

describe('a return', () => {
  it('W33: takes a reason from the list of the seam', () => {
    const board = offeredToLegal();
    expect(outcome(board.ask('bob', 'returnHandoff', { reasonId: null, note: 'Not like this' }))).toBe(
      'reasonRequired',
    );
    expect(outcome(board.ask('bob', 'returnHandoff', { reasonId: 'too-cheap' }))).toBe('noSuchReason');
    expect(outcome(board.ask('bob', 'returnHandoff', { reasonId: 'wrong-entity', note: '' }))).toBe(
      'handoffReturned',
    );
  });

  it('W33: takes words where the seam lists no reasons', () => {
    const board = inReview();
    board.tell('bob', 'offerHandoff');
    expect(outcome(board.ask('carol', 'returnHandoff', { note: ' ' }))).toBe('reasonRequired');
    expect(outcome(board.ask('carol', 'returnHandoff', { reasonId: 'incomplete' }))).toBe('noSuchReason');
    expect(outcome(board.ask('carol', 'returnHandoff', { note: 'The date is a Sunday' }))).toBe(
      'handoffReturned',
    );
  });

  it('W33: names as missing only what the workflow knows', () => {
    const board = offeredToLegal();
    const asked = (missing: string[]) =>
      board.ask('bob', 'returnHandoff', { reasonId: 'incomplete', missing });
    expect(outcome(asked(['company', 'title']))).toBe('handoffReturned');
    expect(asked(['company', 'ghost'])).toEqual({
      ok: false,
      refusal: { code: 'factsInvalid', faults: [{ field: 'ghost', problem: 'unknownField' }] },
    });
  });

  it('W34: leaves the item with alice of Sales, marked until she offers it again', () => {
    const board = offeredToLegal();
    const before = board.item();
    board.tell('bob', 'returnHandoff', { reasonId: 'incomplete', note: 'Page 3', missing: ['company'] });
    expect(board.item()).toMatchObject({
      holderTeamId: SALES,
      stepId: 'draft',
      ownerId: 'alice',
      handoff: null,
      heldSince: before.heldSince,
      returned: {
        handoffId: before.handoff?.id,
        byTeamId: LEGAL,
        by: 'bob',
        at: board.nowMs,
        reason: { reasonId: 'incomplete', note: 'Page 3', missing: ['company'] },
      },
    });
    board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    expect(board.item().returned).toBeNull();
  });
});

describe('a withdrawal', () => {
  it('W35: of an offer leaves the item as it was', () => {
    const board = inReview();
    board.tell('bob', 'recordFacts', { facts: { startDate: '2026-12-01' } });
    const before = board.item();
    board.tell('bob', 'offerHandoff', { facts: {} });
    board.tell('ben', 'withdrawHandoff');
    const { seq, responsibility, lastCommands, away } = board.item();
    expect(board.item()).toEqual({ ...before, seq, responsibility, lastCommands, away });
  });

  it('W35: of what was offered again after a return leaves it returned', () => {
    const board = offeredToLegal();
    board.tell('bob', 'returnHandoff', { reasonId: 'incomplete' });
    const { returned } = board.item();
    expect(returned?.reason.reasonId).toBe('incomplete');
    board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    expect(board.item()).toMatchObject({ returned: null, handoff: { after: returned } });
    board.tell('alice', 'withdrawHandoff');
    expect(board.item().returned).toEqual(returned);
    board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    board.tell('bob', 'acceptHandoff');
    expect(board.item().returned).toBeNull();
  });

  it('W35: of a way back or a deviation takes off what the offer counted', () => {
    const board = inReview();
    board.tell('bob', 'sendBack');
    expect(board.item().bounces).toEqual({ 'draft-to-review': 1 });
    board.tell('bob', 'withdrawHandoff');
    expect(board.item().bounces).toEqual({});
    board.tell('ben', 'offerDeviation');
    expect(board.item().deviations).toBe(1);
    board.tell('ben', 'withdrawHandoff');
    expect(board.item().deviations).toBe(0);
  });

  it('W35: is for the sender, not for the receiver', () => {
    expect(outcome(offeredToLegal().ask('bob', 'withdrawHandoff'))).toBe('notYourTeam');
    expect(outcome(offeredToLegal().ask('amy', 'withdrawHandoff'))).toBe('handoffWithdrawn');
  });
});
