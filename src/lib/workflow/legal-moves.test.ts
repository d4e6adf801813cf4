import { describe, expect, it } from 'vitest';
import {
  drafted,
  inReview,
  LEGAL,
  offeredToLegal,
  PROVISIONING,
  SALES,
  SUPPORT,
} from '../../../tests/support/board.ts';
import type { PersonName, TestBoard } from '../../../tests/support/board.ts';
import type { UserId } from './ids.ts';
import { laneVerdict, legalMoves } from './legal-moves.ts';

function movesOf(board: TestBoard, by: PersonName) {
  return legalMoves(board.state, board.item(), { userId: by as UserId }).map((move) => {
    const { route, toStep, missing, needsReason, refusal } = move;
    return `${route.kind} to ${toStep.id}${needsReason ? ' with a reason' : ''}: ${refusal?.code ?? (missing.join(', ') || 'ready')}`;
  });
}
function lanesOf(board: TestBoard, by: PersonName) {
  return [SALES, LEGAL, PROVISIONING, SUPPORT].map((lane) => {
    const verdict = laneVerdict(board.state, board.item(), { userId: by as UserId }, lane);
    return verdict.kind === 'no' ? verdict.why.code : verdict.kind;
  });
}

describe('legalMoves', () => {
  it('W80: lists for bob of Legal every way out, with what is still missing and why not', () => {
    expect(movesOf(inReview(), 'bob')).toEqual([
      'seam to setup: startDate',
      'back to draft with a reason: ready',
      'detour to draft with a reason: notYourTeam',
      'detour to pricing with a reason: notYourTeam',
      'skip to live with a reason: notYourTeam',
      'skip to care with a reason: notYourTeam',
    ]);
  });

  it('W80: lists for ben, who leads Legal, the ways off the path as well', () => {
    expect(movesOf(inReview(), 'ben')).toEqual([
      'seam to setup: startDate',
      'back to draft with a reason: ready',
      'detour to draft with a reason: ready',
      'detour to pricing with a reason: ready',
      'skip to live with a reason: startDate, signed',
      'skip to care with a reason: startDate, signed',
    ]);
  });

  it('W80: says of each to somebody of another team, and of an offered item, what decide would say', () => {
    expect(new Set(movesOf(inReview(), 'alice').map((move) => move.split(': ')[1]))).toEqual(
      new Set(['notYourTeam']),
    );
    expect(movesOf(offeredToLegal(), 'alice')[0]).toBe('seam to pricing: handoffOpen');
    expect(new Set(movesOf(inReview(), 'mallory').map((move) => move.split(': ')[1]))).toEqual(
      new Set(['notAllowed']),
    );
  });

  it('W80: says before the third bounce over a seam that it takes a lead', () => {
    const board = inReview();
    for (let bounce = 0; bounce < 2; bounce += 1) {
      board.tell('bob', 'sendBack');
      board.tell('alice', 'acceptHandoff');
      board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
      board.tell('bob', 'acceptHandoff');
    }
    expect(movesOf(board, 'bob')[1]).toBe('back to draft with a reason: bounceNeedsLead');
    expect(movesOf(board, 'ben')[1]).toBe('back to draft with a reason: ready');
  });

  it('W80: lists nothing for a closed item', () => {
    const board = inReview();
    board.tell('bob', 'completeItem');
    expect(movesOf(board, 'ada')).toEqual([]);
  });

  it('W82: what the sheet can ask for makes no move illegal', () => {
    const moves = legalMoves(drafted().state, drafted().item(), { userId: 'alice' as UserId });
    const toReview = moves.find((move) => move.toStep.id === 'review');
    expect(toReview).toMatchObject({ missing: ['company', 'contact'], refusal: null });
  });
});

describe('laneVerdict', () => {
  it('W81: tells alice of Sales where her draft may go, and why not elsewhere', () => {
    expect(lanesOf(drafted(), 'alice')).toEqual(['here', 'moves', 'noSeamToLane', 'noSeamToLane']);
    expect(lanesOf(drafted(), 'amy')).toEqual(['here', 'moves', 'moves', 'moves']);
    expect(lanesOf(drafted(), 'carol')).toEqual(['here', 'notYourTeam', 'noSeamToLane', 'noSeamToLane']);
  });

  it('W81: lets bob accept what is offered to Legal, and nobody else', () => {
    expect(lanesOf(offeredToLegal(), 'bob')[1]).toBe('accept');
    expect(lanesOf(offeredToLegal(), 'carol')[1]).toBe('notYourTeam');
    expect(lanesOf(offeredToLegal({ limits: { legal: 0 } }), 'bob')[1]).toBe('laneFull');
  });

  it('W81: names the teams that may be next where no seam leads', () => {
    const board = inReview();
    expect(laneVerdict(board.state, board.item(), { userId: 'bob' as UserId }, SUPPORT)).toEqual({
      kind: 'no',
      why: { code: 'noSeamToLane', nextTeamIds: [PROVISIONING] },
    });
  });

  it('W81: tells everybody of a closed item that it is closed', () => {
    const board = inReview();
    board.tell('bob', 'completeItem');
    expect(lanesOf(board, 'ada')).toEqual(['itemClosed', 'itemClosed', 'itemClosed', 'itemClosed']);
  });

  it('W81: tells everybody else of an offered item that Legal has to answer first', () => {
    expect(lanesOf(offeredToLegal(), 'amy')).toEqual([
      'handoffOpen',
      'notYourTeam',
      'handoffOpen',
      'handoffOpen',
    ]);
  });
});
