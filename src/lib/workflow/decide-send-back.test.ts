import { describe, expect, it } from 'vitest';
import { drafted, inReview, LEGAL, offeredToLegal, outcome, SALES } from '../../../tests/support/board.ts';
import type { TestBoard } from '../../../tests/support/board.ts';

/** bob of Legal sends it back, alice of Sales takes it, offers it again, and bob takes it. */
function bounce(board: TestBoard): void {
  board.tell('bob', 'sendBack');
  board.tell('alice', 'acceptHandoff');
  board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
  board.tell('bob', 'acceptHandoff');
}

describe('sending back', () => {
  it('W37: goes the way it came, and the way it came is one step shorter when Sales accepts', () => {
    const board = inReview();
    board.tell('bob', 'sendBack', { reasonId: 'wrong-entity', note: 'The register says Acme AG' });
    expect(board.item().handoff).toMatchObject({
      route: { kind: 'back', seamId: 'draft-to-review' },
      toStepId: 'draft',
      toTeamId: SALES,
      reason: { reasonId: 'wrong-entity', note: 'The register says Acme AG' },
      needsLead: false,
    });
    expect(board.item()).toMatchObject({ holderTeamId: LEGAL, bounces: { 'draft-to-review': 1 } });
    board.tell('alice', 'acceptHandoff');
    expect(board.item()).toMatchObject({ stepId: 'draft', holderTeamId: SALES, ownerId: 'alice', trail: [] });
  });

  it('W37: needs a reason from the list of that seam, and asks for no facts', () => {
    const board = inReview();
    board.tell('bob', 'recordFacts', { facts: { company: null, contact: null } });
    expect(outcome(board.ask('bob', 'sendBack', { reasonId: null }))).toBe('reasonRequired');
    expect(outcome(board.ask('bob', 'sendBack', { reasonId: 'ghost' }))).toBe('noSuchReason');
    expect(outcome(board.ask('bob', 'sendBack', { missing: ['ghost'] }))).toBe('factsInvalid');
    expect(outcome(board.ask('bob', 'sendBack'))).toBe('handoffOffered');
  });

  it('W37: has nowhere to go from where the item was created', () => {
    expect(outcome(drafted().ask('alice', 'sendBack'))).toBe('nothingToSendBack');
  });

  it('W37: inside one team arrives at once and keeps its owner', () => {
    const board = drafted();
    board.tell('alice', 'offerHandoff', { seamId: 'draft-to-pricing', facts: {} });
    expect(outcome(board.ask('alice', 'sendBack', { reasonId: null, missing: [] }))).toBe(
      'handoffOffered + handoffAccepted',
    );
    board.tell('amy', 'sendBack', { reasonId: null, missing: [] });
    expect(board.item()).toMatchObject({ stepId: 'draft', ownerId: 'alice', trail: [] });
  });

  it('W37: over an automatic seam is offered like any other, and Provisioning takes it or not', () => {
    const board = inReview();
    board.tell('bob', 'offerHandoff');
    board.tell('carol', 'acceptHandoff');
    board.tell('carol', 'offerHandoff', { seamId: 'setup-to-live', facts: { signed: true } });
    board.tell('dave', 'sendBack', { reasonId: null, note: 'Nobody can sign in' });
    expect(board.item().handoff).toMatchObject({ toTeamId: 'provisioning', route: { kind: 'back' } });
    board.tell('carol', 'returnHandoff', { note: 'They can, with the new address' });
    expect(board.item()).toMatchObject({
      holderTeamId: 'support',
      stepId: 'live',
      bounces: { 'setup-to-live': 1 },
    });
  });

  it('W37: after a detour goes back with words, and is no bounce of any seam', () => {
    const board = inReview();
    board.tell('ben', 'offerDeviation', { toStepId: 'draft' });
    board.tell('alice', 'acceptHandoff');
    board.tell('alice', 'sendBack', { reasonId: null, note: 'Why us?', missing: [] });
    expect(board.item()).toMatchObject({
      handoff: { route: { kind: 'back', seamId: null }, toStepId: 'review' },
      bounces: {},
    });
    board.tell('bob', 'acceptHandoff');
    expect(board.item().trail.map((entry) => entry.stepId)).toEqual(['draft']);
  });

  it('W38: the third time over one seam takes ben, who leads Legal, to send it and amy, who leads Sales, to take it', () => {
    const board = inReview();
    bounce(board);
    bounce(board);
    expect(board.ask('bob', 'sendBack')).toEqual({
      ok: false,
      refusal: { code: 'bounceNeedsLead', teamId: LEGAL, bounces: 3 },
    });
    board.tell('ben', 'sendBack');
    expect(board.item().handoff?.needsLead).toBe(true);
    expect(board.ask('alice', 'acceptHandoff')).toEqual({
      ok: false,
      refusal: { code: 'bounceNeedsLead', teamId: SALES, bounces: 3 },
    });
    board.tell('amy', 'acceptHandoff');
    expect(board.item()).toMatchObject({
      holderTeamId: SALES,
      ownerId: 'amy',
      bounces: { 'draft-to-review': 3 },
    });
  });

  it('W38: the bounces of one seam say nothing about another', () => {
    const board = inReview();
    bounce(board);
    bounce(board);
    board.tell('bob', 'offerHandoff');
    board.tell('carol', 'acceptHandoff');
    board.tell('carol', 'sendBack', { reasonId: null, note: 'No date' });
    expect(board.item().handoff?.needsLead).toBe(false);
  });

  it('W38: any member of the receiver may still return what needs a lead to be accepted', () => {
    const board = inReview();
    bounce(board);
    bounce(board);
    board.tell('ben', 'sendBack');
    expect(outcome(board.ask('alice', 'returnHandoff', { reasonId: 'incomplete' }))).toBe('handoffReturned');
  });

  it('W39: an offer ends a pause, also on the way back', () => {
    const board = inReview();
    board.tell('bob', 'startWaiting');
    board.tell('bob', 'sendBack');
    expect(board.item().waiting).toBeNull();
    expect(offeredToLegal().item().waiting).toBeNull();
  });
});
