import { describe, expect, it } from 'vitest';
import { drafted, inReview, LEGAL, offeredToLegal, SALES, WORKFLOW } from '../../../tests/support/board.ts';
import type { WorkflowVersion } from './definition.ts';
import { limitShareMs, LONG_MS, stallAhead, stallOf, UNUSUAL_MS_MIN, type StallGround } from './stall.ts';
import { AWAY_MAX, type Item } from './state.ts';
import type { ClockKey, Usual } from './usual.ts';
import type { WorkingTime } from './working-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 23 November 2026, noon. */
const NOON = 1_795_435_200_000;
const NO_HISTORY: StallGround = { usual: () => undefined, hours: () => undefined };

function usually(p85Ms: number): Usual {
  return { samples: 20, p50Ms: p85Ms / 4, p70Ms: p85Ms / 2, p85Ms, p95Ms: p85Ms * 2 };
}

function history(known: Partial<Record<ClockKey, Usual>>): StallGround {
  return { usual: (key) => known[key], hours: () => undefined };
}

/** Legal has four hours to take what Sales offers, and Sales two days to draft it. */
const limited: WorkflowVersion = {
  ...WORKFLOW,
  steps: WORKFLOW.steps.map((step) => (step.id === 'draft' ? { ...step, workLimitMs: 2 * DAY } : step)),
  seams: WORKFLOW.seams.map((seam) =>
    seam.id === 'draft-to-review' ? { ...seam, gapLimitMs: 4 * HOUR } : seam,
  ),
};

/** alice of Sales has had it since noon. */
const working: Item = { ...drafted().item(), heldSince: NOON };
/** She has offered it to Legal at noon. */
const offered: Item = (() => {
  const item = offeredToLegal().item();
  if (item.handoff === null) throw new Error('It was offered.');
  return { ...item, heldSince: NOON - DAY, handoff: { ...item.handoff, offeredAt: NOON } };
})();

function overRoute(route: NonNullable<Item['handoff']>['route']): Item {
  if (offered.handoff === null) throw new Error('It was offered.');
  return { ...offered, handoff: { ...offered.handoff, route } };
}

/** bob of Legal has returned it at noon. */
const returned: Item = (() => {
  const board = offeredToLegal();
  board.tell('bob', 'returnHandoff', { reasonId: 'incomplete' });
  const item = board.item();
  if (item.returned === null) throw new Error('It was returned.');
  const away = [{ offeredAt: NOON - HOUR, backAt: NOON }];
  return { ...item, heldSince: NOON - DAY, away, returned: { ...item.returned, at: NOON } };
})();

function waitingUntil(until: string | null): Item {
  return {
    ...working,
    waiting: { on: 'customer', what: 'Signature', since: NOON, until, by: working.responsibility.by },
  };
}

describe('what is stalled', () => {
  it('W100: an offer past the limit of its seam, and the holder past the limit of the step', () => {
    expect(stallOf(offered, limited, NO_HISTORY, NOON + 4 * HOUR)).toBeNull();
    expect(stallOf(offered, limited, NO_HISTORY, NOON + 4 * HOUR + 1)).toEqual({
      clock: 'gap',
      sinceMs: NOON,
      fromMs: NOON + 4 * HOUR,
      because: 'limit',
      limitMs: 4 * HOUR,
      usual: null,
      mustMove: LEGAL,
    });
    expect(stallOf(working, limited, NO_HISTORY, NOON + 2 * DAY)).toBeNull();
    expect(stallOf(working, limited, NO_HISTORY, NOON + 2 * DAY + 1)).toMatchObject({
      clock: 'work',
      because: 'limit',
      mustMove: SALES,
    });
  });

  it('W100: a repair counts as part of the work that its step has a limit for', () => {
    expect(stallAhead(returned, limited, NO_HISTORY)).toMatchObject({
      clock: 'repair',
      sinceMs: NOON,
      fromMs: NOON + DAY + HOUR,
      because: 'limit',
      mustMove: SALES,
    });
  });

  it('W100: a skip has the limit of its last seam, the way back that of the seam it came by, a detour none', () => {
    const [lastSeam] = limited.seams.filter(({ gapLimitMs }) => gapLimitMs !== null);
    if (!lastSeam) throw new Error('One seam has a limit.');
    const skip = overRoute({ kind: 'skip', seamIds: [limited.seams[0]!.id, lastSeam.id] });
    const back = overRoute({ kind: 'back', seamId: lastSeam.id });
    for (const item of [skip, back])
      expect(stallAhead(item, limited, NO_HISTORY)).toMatchObject({ because: 'limit', limitMs: 4 * HOUR });
    expect(stallAhead(overRoute({ kind: 'detour' }), limited, NO_HISTORY)).toMatchObject({
      because: 'long',
      limitMs: null,
    });
  });

  it('W100: what an offer lay with the team that returned it, or until it was withdrawn, is not the holder’s time', () => {
    const board = offeredToLegal();
    const { heldSince } = board.item();
    const lie = (hours: number) => (board.nowMs += hours * HOUR);
    const first = board.item().handoff?.offeredAt ?? 0;
    lie(72);
    board.tell('bob', 'returnHandoff', { reasonId: 'incomplete' });
    const laySoFar = (board.item().returned?.at ?? 0) - first;
    expect(laySoFar).toBeGreaterThanOrEqual(72 * HOUR);
    expect(stallAhead(board.item(), limited, NO_HISTORY)?.fromMs).toBe(heldSince + laySoFar + 2 * DAY);
    lie(3);
    board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    const second = board.item().handoff?.offeredAt ?? 0;
    lie(24);
    board.tell('alice', 'withdrawHandoff');
    const lay = laySoFar + board.item().responsibility.at - second;
    expect(stallAhead(board.item(), limited, NO_HISTORY)?.fromMs).toBe(heldSince + lay + 2 * DAY);
    board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    board.tell('bob', 'acceptHandoff');
    expect(board.item().away).toBeUndefined();
  });

  it('W100: of the holder’s working time only that is left out in which its offer lay elsewhere', () => {
    const open = [9, 17, 33, 41, 57, 65].map((hour) => hour * 60);
    const atWork = (hour: number) => NOON + hour * HOUR;
    const hours = (): WorkingTime => ({
      fromMinute: NOON / 60_000,
      untilMinute: NOON / 60_000 + 9_000,
      open: open.map((minute) => NOON / 60_000 + minute),
    });
    const item: Item = { ...working, heldSince: atWork(9) };
    const fromMs = (away: Item['away'], limitMs: number) => {
      const steps = limited.steps.map((step) => ({ ...step, workLimitMs: limitMs }));
      const held = away ? { ...item, away } : item;
      return stallAhead(held, { ...limited, steps }, { ...NO_HISTORY, hours })?.fromMs;
    };
    // Over the night: an hour of work before it, and one on the next morning.
    const overnight = [{ offeredAt: atWork(16), backAt: atWork(34) }];
    expect(fromMs(undefined, 8 * HOUR)).toBe(atWork(17));
    expect(fromMs(overnight, 8 * HOUR)).toBe(atWork(35));
    expect(fromMs([...overnight, { offeredAt: atWork(34.5), backAt: atWork(40.5) }], 8 * HOUR)).toBe(
      atWork(41),
    );
    // Past its limit before it was offered.
    expect(fromMs(overnight, 6 * HOUR)).toBe(atWork(15));
  });

  it('W100: of many offers that came back those closest together count as one, and the rest as they were', () => {
    const board = drafted();
    const { heldSince } = board.item();
    for (let round = 1; round <= AWAY_MAX + 1; round += 1) {
      board.nowMs = heldSince + round * round * HOUR;
      board.tell('alice', 'offerHandoff', {
        seamId: 'draft-to-review',
        facts: { company: 'Acme Ltd', contact: 'alice' },
      });
      board.tell('alice', 'withdrawHandoff');
    }
    const { away = [] } = board.item();
    expect(away).toHaveLength(AWAY_MAX);
    expect(away[0]).toEqual({ offeredAt: heldSince + HOUR + 1_000, backAt: heldSince + 4 * HOUR + 2_000 });
    expect(away[1]).toEqual({
      offeredAt: heldSince + 9 * HOUR + 1_000,
      backAt: heldSince + 9 * HOUR + 2_000,
    });
  });

  it('W102: what was offered again and withdrawn is in another repair, and what it lay elsewhere in none', () => {
    const board = offeredToLegal();
    board.tell('bob', 'returnHandoff', { reasonId: 'incomplete' });
    board.tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    board.nowMs += 6 * DAY;
    board.tell('alice', 'withdrawHandoff');
    const sinceMs = board.nowMs;
    expect(stallAhead(board.item(), WORKFLOW, NO_HISTORY)).toMatchObject({
      clock: 'repair',
      sinceMs,
      fromMs: sinceMs + LONG_MS.repair,
    });
  });

  it('W102: an offer that was withdrawn does not make the work unusually long', () => {
    const known = history({ 'work:draft': usually(3 * DAY) } as Record<ClockKey, Usual>);
    const away = [{ offeredAt: NOON + HOUR, backAt: NOON + HOUR + 5 * DAY }];
    expect(stallAhead({ ...working, away }, WORKFLOW, known)?.fromMs).toBe(NOON + 8 * DAY);
  });

  it('W101: a promised day is over when it is over where the team is', () => {
    const at = (utcOffsetMinutes: number) => {
      const hours = { fromMinute: 0, untilMinute: 60, open: [], utcOffsetMinutes };
      return stallAhead(waitingUntil('2026-12-24'), limited, { ...NO_HISTORY, hours: () => hours })?.fromMs;
    };
    expect(at(-8 * 60)).toBe(Date.UTC(2026, 11, 25, 8));
    expect(at(13 * 60)).toBe(Date.UTC(2026, 11, 24, 11));
  });

  it('W100: nothing that is closed', () => {
    const closed: Item = {
      ...working,
      closed: { kind: 'completed', at: NOON, by: working.responsibility.by, reason: '' },
    };
    expect(stallAhead(closed, limited, NO_HISTORY)).toBeNull();
    expect(stallOf(closed, limited, NO_HISTORY, NOON + 900 * DAY)).toBeNull();
  });

  it('W101: a pause hides nothing, but a day that was promised holds until it is over', () => {
    expect(stallAhead(waitingUntil(null), limited, NO_HISTORY)?.fromMs).toBe(NOON + 2 * DAY);
    expect(stallAhead(waitingUntil('2026-12-24'), limited, NO_HISTORY)).toMatchObject({
      because: 'promise',
      fromMs: Date.UTC(2026, 11, 25),
      limitMs: 2 * DAY,
    });
    expect(stallOf(waitingUntil('2026-11-22'), limited, NO_HISTORY, NOON)?.because).toBe('promise');
    expect(stallAhead(waitingUntil('2026-12-24'), WORKFLOW, NO_HISTORY)?.because).toBe('promise');
  });

  it('W102: without a limit, what takes longer than 85 of 100 did over the same seam or in the same step', () => {
    const known = history({
      'gap:draft-to-review': usually(6 * HOUR),
      'work:draft': usually(3 * DAY),
      'repair:draft-to-review': usually(5 * HOUR),
    } as Record<ClockKey, Usual>);
    expect(stallOf(offered, WORKFLOW, known, NOON + 6 * HOUR)).toBeNull();
    expect(stallOf(offered, WORKFLOW, known, NOON + 6 * HOUR + 1)).toMatchObject({
      because: 'unusual',
      limitMs: null,
      usual: { p85Ms: 6 * HOUR },
    });
    expect(stallAhead(working, WORKFLOW, known)?.fromMs).toBe(NOON + 3 * DAY);
    expect(stallAhead(returned, WORKFLOW, known)?.fromMs).toBe(NOON + 5 * HOUR);
    const back = overRoute({ kind: 'back', seamId: WORKFLOW.seams[2]!.id });
    expect(stallAhead(back, WORKFLOW, known)).toMatchObject({ because: 'long', usual: null });
  });

  it('W102: a limit goes before what is usual, and what is usually quick is given an hour all the same', () => {
    const quick = history({ 'gap:draft-to-review': usually(60_000) } as Record<ClockKey, Usual>);
    expect(stallAhead(offered, limited, quick)).toMatchObject({
      because: 'limit',
      fromMs: NOON + 4 * HOUR,
      usual: { p85Ms: 60_000 },
    });
    expect(stallAhead(offered, WORKFLOW, quick)?.fromMs).toBe(NOON + UNUSUAL_MS_MIN);
  });

  it('W102: without a limit and without a history, what has taken days', () => {
    expect(stallAhead(offered, WORKFLOW, NO_HISTORY)?.fromMs).toBe(NOON + LONG_MS.gap);
    expect(stallAhead(working, WORKFLOW, NO_HISTORY)?.fromMs).toBe(NOON + LONG_MS.work);
    expect(stallAhead(returned, WORKFLOW, NO_HISTORY)?.fromMs).toBe(NOON + LONG_MS.repair);
  });

  it('W111: a limit counts the working time of the team that must move, and so does a half of it', () => {
    const hour = NOON / HOUR;
    const opens = (...from: number[]): WorkingTime => ({
      fromMinute: hour * 60,
      untilMinute: (hour + 100) * 60,
      open: from.flatMap((one) => [(hour + one) * 60, (hour + one + 3) * 60]),
    });
    const ofLegal = (hours: WorkingTime): StallGround => {
      return { ...NO_HISTORY, hours: (teamId) => (teamId === LEGAL ? hours : undefined) };
    };
    // Three hours tomorrow, and the fourth on the day after.
    expect(stallAhead(offered, limited, ofLegal(opens(20, 44)))?.fromMs).toBe(NOON + 45 * HOUR);
    expect(limitShareMs(offered, limited, ofLegal(opens(20, 44)), 0.5)).toBe(NOON + 22 * HOUR);
    expect(stallAhead(working, limited, ofLegal(opens(20, 44)))?.fromMs).toBe(NOON + 2 * DAY);
    expect(limitShareMs(working, WORKFLOW, NO_HISTORY, 0.5)).toBeNull();
    expect(limitShareMs(waitingUntil('2026-12-24'), limited, NO_HISTORY, 0.5)).toBeNull();
  });

  it('W112: longer than usual it is only from when the team that must move is there', () => {
    const hour = NOON / HOUR;
    const hours = {
      fromMinute: hour * 60,
      untilMinute: (hour + 100) * 60,
      open: [(hour + 20) * 60, (hour + 28) * 60],
    };
    const known = history({ 'gap:draft-to-review': usually(6 * HOUR) } as Record<ClockKey, Usual>);
    expect(stallAhead(offered, WORKFLOW, { ...known, hours: () => hours })?.fromMs).toBe(NOON + 20 * HOUR);
  });

  it('W103: the team that was asked must move, else the holder; once it has accepted, the clock is its own', () => {
    expect(stallAhead(offered, WORKFLOW, NO_HISTORY)?.mustMove).toBe(LEGAL);
    expect(stallAhead(returned, WORKFLOW, NO_HISTORY)?.mustMove).toBe(SALES);
    expect(stallAhead(inReview().item(), WORKFLOW, NO_HISTORY)).toMatchObject({
      clock: 'work',
      mustMove: LEGAL,
    });
  });
});
