import { describe, expect, it } from 'vitest';
import { drafted, inReview, offeredToLegal, outcome } from '../../../tests/support/board.ts';
import type { AnyCommand } from './commands.ts';

describe('what the person saw', () => {
  it('W20: carol who looked before bob acted is told who did what, when', () => {
    const board = inReview();
    const seen = board.item().responsibility.seq;
    board.tell('bob', 'offerHandoff');
    board.tell('bob', 'withdrawHandoff');
    expect(board.ask('ben', 'offerHandoff', { basis: { seq: seen } })).toEqual({
      ok: false,
      refusal: { code: 'itemMovedOn', by: 'bob', at: board.nowMs, event: 'handoffWithdrawn' },
    });
  });

  it('W20: every change of step, holder, owner, handoff, waiting or closing counts', () => {
    const changes: ((board: ReturnType<typeof inReview>) => void)[] = [
      (board) => board.tell('ben', 'claimItem'),
      (board) => board.tell('ben', 'assignOwner', { ownerId: null }),
      (board) => board.tell('bob', 'offerHandoff'),
      (board) => board.tell('bob', 'sendBack'),
      (board) => board.tell('bob', 'startWaiting'),
      (board) => board.tell('bob', 'completeItem'),
      (board) => board.tell('ben', 'cancelItem'),
    ];
    for (const change of changes) {
      const board = inReview();
      const seen = board.item().responsibility.seq;
      change(board);
      for (const type of ['claimItem', 'offerHandoff', 'completeItem', 'cancelItem', 'reopenItem'] as const) {
        expect(outcome(board.ask('ben', type, { basis: { seq: seen } }))).toBe('itemMovedOn');
      }
    }
  });

  it('W20: of alice and amy, who both offer what they see, the first is heard', () => {
    const board = drafted();
    const offer = { seamId: 'draft-to-review', facts: { company: 'Acme', contact: 'alice' } };
    const first = board.command('offerHandoff', offer);
    const second = board.command('offerHandoff', offer);
    expect(board.submit('alice', first).ok).toBe(true);
    expect(outcome(board.submit('amy', second))).toBe('itemMovedOn');
  });

  it('W21: comments, order and facts check nothing and disturb no offer', () => {
    const board = inReview();
    const seen = board.item().responsibility;
    board.tell('dave', 'addComment', { basis: { seq: 0 } });
    board.tell('bob', 'orderItem', { basis: { seq: 0 } });
    board.tell('alice', 'recordFacts');
    expect(board.item().responsibility).toEqual(seen);
    expect(board.item()).toMatchObject({ commentCount: 1, order: 'a5', seq: board.state.seq });
    expect(outcome(board.ask('bob', 'offerHandoff', { basis: { seq: seen.seq } }))).toBe('handoffOffered');
  });

  it('W22: a chain made offline does not refuse itself', () => {
    const board = offeredToLegal();
    const accept = board.command('acceptHandoff');
    const pause = { ...board.command('startWaiting'), basis: { after: accept.id } } as AnyCommand;
    const resume = { ...board.command('resumeWork'), basis: { after: pause.id } } as AnyCommand;
    expect([accept, pause, resume].map((command) => outcome(board.submit('bob', command)))).toEqual([
      'handoffAccepted',
      'waitingStarted',
      'workResumed',
    ]);
  });

  it('W22: a chain is refused where somebody else has acted in between', () => {
    const board = offeredToLegal();
    const accept = board.command('acceptHandoff');
    board.submit('bob', accept);
    board.tell('ben', 'claimItem');
    expect(board.ask('bob', 'startWaiting', { basis: { after: accept.id } })).toMatchObject({
      refusal: { code: 'itemMovedOn', by: 'ben', event: 'itemClaimed' },
    });
  });

  it('W23: what depends on a refused command is refused with it, and so is what depends on nothing known', () => {
    const board = offeredToLegal();
    const accept = board.command('acceptHandoff');
    expect(outcome(board.submit('carol', accept))).toBe('notYourTeam');
    for (const after of [accept.id, 'never-heard-of']) {
      expect(board.ask('bob', 'startWaiting', { basis: { after } })).toEqual({
        ok: false,
        refusal: { code: 'dependsOnRefused', commandId: after },
      });
    }
  });

  it('W23: a comment on top of a refused command stands on its own', () => {
    const board = offeredToLegal();
    const accept = board.command('acceptHandoff');
    board.submit('carol', accept);
    expect(outcome(board.ask('carol', 'addComment', { basis: { after: accept.id } }))).toBe('commentAdded');
  });
});
