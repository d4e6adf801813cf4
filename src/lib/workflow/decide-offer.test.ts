import { describe, expect, it } from 'vitest';
import {
  drafted,
  inReview,
  LEGAL,
  offeredToLegal,
  outcome,
  PROVISIONING,
  SUPPORT,
} from '../../../tests/support/board.ts';
import type { TestBoard } from '../../../tests/support/board.ts';

function inSetup(): TestBoard {
  const board = inReview();
  board.tell('bob', 'offerHandoff');
  board.tell('carol', 'acceptHandoff');
  return board;
}

describe('an offer over a seam', () => {
  it('W1: goes over a seam that starts where the item is', () => {
    for (const seamId of ['draft-to-review', 'ghost', '__proto__']) {
      expect(inReview().ask('bob', 'offerHandoff', { seamId })).toEqual({
        ok: false,
        refusal: { code: 'noSuchSeam', seamId, stepId: 'review' },
      });
    }
  });

  it('W36: an automatic seam hands over at once; the item arrives at Support unclaimed', () => {
    const board = inSetup();
    board.tell('carol', 'offerHandoff', { seamId: 'setup-to-live', facts: { signed: true } });
    expect(board.log.at(-1)?.events.map((event) => event.type)).toEqual([
      'handoffOffered',
      'handoffAccepted',
    ]);
    expect(board.item()).toMatchObject({
      stepId: 'live',
      holderTeamId: SUPPORT,
      ownerId: null,
      handoff: null,
    });
  });

  it('W36: inside Sales it moves at once and alice goes on with it', () => {
    const board = drafted();
    board.tell('amy', 'offerHandoff', { seamId: 'draft-to-pricing', facts: {} });
    expect(board.item()).toMatchObject({
      stepId: 'pricing',
      holderTeamId: 'sales',
      ownerId: 'alice',
      handoff: null,
    });
  });

  it('W39: an offer ends a pause, in the same entry', () => {
    const board = inReview();
    board.tell('bob', 'startWaiting');
    board.tell('bob', 'offerHandoff');
    expect(board.log.at(-1)?.events.map((event) => event.type)).toEqual(['workResumed', 'handoffOffered']);
    expect(board.item()).toMatchObject({ waiting: null, handoff: { toTeamId: PROVISIONING } });
  });
});

describe('the gate', () => {
  it('W40: asks for exactly what neither the item nor the command has', () => {
    const board = drafted();
    const ask = (facts: object) => board.ask('alice', 'offerHandoff', { seamId: 'draft-to-review', facts });
    expect(ask({})).toEqual({
      ok: false,
      refusal: { code: 'gateIncomplete', missing: ['company', 'contact'] },
    });
    expect(ask({ company: ' ' })).toEqual({
      ok: false,
      refusal: { code: 'gateIncomplete', missing: ['company', 'contact'] },
    });
    expect(ask({ contact: 'alice' })).toEqual({
      ok: false,
      refusal: { code: 'gateIncomplete', missing: ['company'] },
    });
    board.tell('alice', 'recordFacts', { facts: { company: 'Acme' } });
    expect(outcome(ask({ contact: 'alice' }))).toBe('handoffOffered');
  });

  it('W40: holds for automatic seams as well', () => {
    const board = inSetup();
    expect(board.ask('carol', 'offerHandoff', { seamId: 'setup-to-live', facts: { signed: false } })).toEqual(
      {
        ok: false,
        refusal: { code: 'gateIncomplete', missing: ['signed'] },
      },
    );
  });

  it('W41: checks what is carried, and names every fault', () => {
    const facts = {
      company: 'Acme',
      contact: 'mallory',
      startDate: '2026-02-30',
      plan: 'Free',
      contract: 'ftp://x',
      ghost: 1,
    };
    expect(drafted().ask('alice', 'offerHandoff', { seamId: 'draft-to-review', facts })).toEqual({
      ok: false,
      refusal: {
        code: 'factsInvalid',
        faults: [
          { field: 'contact', problem: 'notAPerson' },
          { field: 'startDate', problem: 'notADate' },
          { field: 'plan', problem: 'notAChoice' },
          { field: 'contract', problem: 'notALink' },
          { field: 'ghost', problem: 'unknownField' },
        ],
      },
    });
  });

  it('W42: the log keeps what alice handed over; the item keeps what is newer and gains what it lacked', () => {
    const board = drafted();
    const offer = board.command('offerHandoff', {
      seamId: 'draft-to-review',
      facts: { company: 'Acme', contact: 'alice', plan: 'Pro' },
    });
    board.tell('amy', 'recordFacts', { facts: { company: 'Acme AG', plan: '' } });
    board.submit('alice', offer);
    expect(board.log.at(-1)?.events[0]).toMatchObject({
      facts: { title: 'Acme', company: 'Acme', contact: 'alice', plan: 'Pro' },
    });
    expect(board.item().facts).toEqual({ title: 'Acme', company: 'Acme AG', contact: 'alice', plan: 'Pro' });
    board.tell('bob', 'recordFacts', { facts: { company: 'Acme Group' } });
    expect(board.log[2]?.events[0]).toMatchObject({ facts: { company: 'Acme AG' } });
    expect(board.item().facts['company']).toBe('Acme Group');
  });

  it('W43: a skip asks for the needs of every seam it passes over', () => {
    const board = drafted();
    expect(board.ask('amy', 'offerDeviation', { toStepId: 'live', facts: {} })).toEqual({
      ok: false,
      refusal: { code: 'gateIncomplete', missing: ['company', 'contact', 'startDate', 'signed'] },
    });
    const facts = { company: 'Acme', contact: 'alice', startDate: '2026-12-01', signed: true };
    expect(outcome(board.ask('amy', 'offerDeviation', { toStepId: 'live', facts }))).toBe('handoffOffered');
  });

  it('W43: a detour asks for nothing, but what is carried is checked', () => {
    const board = inSetup();
    expect(outcome(board.ask('cleo', 'offerDeviation', { toStepId: 'draft', facts: {} }))).toBe(
      'handoffOffered',
    );
    expect(outcome(board.ask('cleo', 'offerDeviation', { toStepId: 'draft', facts: { ghost: 1 } }))).toBe(
      'factsInvalid',
    );
  });
});

describe('off the path', () => {
  it('W50: cleo, who leads Provisioning, skips ahead or makes a detour with a reason; both are counted', () => {
    const board = inSetup();
    board.tell('cleo', 'offerDeviation', {
      toStepId: 'care',
      facts: { signed: true },
      reason: 'Is live already',
    });
    expect(board.item()).toMatchObject({
      deviations: 1,
      handoff: {
        route: { kind: 'skip', seamIds: ['setup-to-live', 'live-to-care'] },
        toStepId: 'care',
        toTeamId: SUPPORT,
        reason: { reasonId: null, note: 'Is live already', missing: [] },
      },
    });
    board.tell('dave', 'returnHandoff', { note: 'Nobody was trained' });
    board.tell('cleo', 'offerDeviation', { toStepId: 'review', reason: 'The contract has changed' });
    expect(board.item()).toMatchObject({
      deviations: 2,
      handoff: { route: { kind: 'detour' }, toTeamId: LEGAL },
    });
  });

  it('W50: takes a lead, a reason, and a step to go to', () => {
    const board = inSetup();
    expect(outcome(board.ask('carol', 'offerDeviation'))).toBe('notYourTeam');
    expect(outcome(board.ask('cleo', 'offerDeviation', { reason: ' ' }))).toBe('reasonRequired');
    for (const toStepId of ['setup', 'ghost', '__proto__']) {
      expect(outcome(board.ask('cleo', 'offerDeviation', { toStepId }))).toBe('noSuchStep');
    }
  });

  it('W50: inside one team arrives at once', () => {
    const board = inSetup();
    board.tell('carol', 'offerHandoff', { seamId: 'setup-to-live', facts: { signed: true } });
    board.tell('dave', 'offerHandoff', { seamId: 'live-to-care', facts: {} });
    board.tell('ada', 'offerDeviation', { toStepId: 'live' });
    expect(board.item()).toMatchObject({ stepId: 'live', handoff: null, deviations: 1 });
  });

  it('W51: where a seam leads, it names the seam to use', () => {
    expect(inReview().ask('ben', 'offerDeviation', { toStepId: 'setup' })).toEqual({
      ok: false,
      refusal: { code: 'seamExists', seamId: 'review-to-setup' },
    });
    expect(offeredToLegal().ask('amy', 'offerDeviation', { toStepId: 'review' })).toMatchObject({
      ok: false,
    });
  });
});
