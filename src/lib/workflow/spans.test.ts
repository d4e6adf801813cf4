import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemsOf, newBoard, play, steps } from '../../../tests/support/any-steps.ts';
import { inReview, LEGAL, offeredToLegal, SALES, type TestBoard } from '../../../tests/support/board.ts';
import { runningClock } from './clocks.ts';
import type { Entry } from './events.ts';
import type { ItemId } from './ids.ts';
import { advanceClocks, countsAsUsual, type ClockRun, type Span } from './spans.ts';
import type { Item } from './state.ts';

const HOUR = 3_600_000;
const ITEM = 'item-1' as ItemId;

/** The spans of each item of the board, by the order in which they ended. */
function spansOf(log: readonly Entry[], itemId: ItemId = ITEM): Span[] {
  let run: ClockRun | null = null;
  const spans: Span[] = [];
  for (const entry of log.filter((one) => touches(one, itemId))) {
    const step: ReturnType<typeof advanceClocks> = advanceClocks(run, entry);
    // Kept between two batches as JSON.
    run = JSON.parse(JSON.stringify(step.run)) as ClockRun | null;
    spans.push(...step.ended);
  }
  return spans;
}

function touches(entry: Entry, itemId: ItemId): boolean {
  return entry.events.some((event) => 'itemId' in event && event.itemId === itemId);
}

/** An hour passes before the next thing happens. */
function laterOn(board: TestBoard, hours = 1): TestBoard {
  board.nowMs += hours * HOUR - 1_000;
  return board;
}

const brief = ({ clock, key, teamId, runMs, waitedMs, ended }: Span) => {
  return [clock, key, teamId, runMs / HOUR, waitedMs / HOUR, ended];
};

describe('what has run out', () => {
  it('W105: the gap of a handoff ends with its acceptance, and so does the work that was handed on', () => {
    const board = laterOn(offeredToLegal(), 6);
    board.tell('bob', 'acceptHandoff');
    const [gap, work, ...others] = spansOf(board.log);
    expect(gap && brief(gap)).toEqual(['gap', 'gap:draft-to-review', LEGAL, 6, 0, 'accepted']);
    expect(work).toMatchObject({ clock: 'work', key: 'work:draft', teamId: SALES, ended: 'handedOn' });
    expect(work?.untilMs).toBe(gap?.fromMs);
    expect(others).toEqual([]);
  });

  it('W105: what is returned is in repair until it is offered again, and neither that nor the gap is work', () => {
    const board = laterOn(offeredToLegal(), 2);
    board.tell('bob', 'returnHandoff', { reasonId: 'incomplete' });
    laterOn(board, 3).tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    laterOn(board, 4).tell('alice', 'withdrawHandoff');
    laterOn(board, 5).tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    laterOn(board, 6).tell('bob', 'acceptHandoff');
    const spans = spansOf(board.log);
    expect(spans.slice(0, 5).map(brief)).toEqual([
      ['gap', 'gap:draft-to-review', LEGAL, 2, 0, 'returned'],
      ['repair', 'repair:draft-to-review', SALES, 3, 0, 'offered'],
      ['gap', 'gap:draft-to-review', LEGAL, 4, 0, 'withdrawn'],
      ['repair', 'repair:draft-to-review', SALES, 5, 0, 'offered'],
      ['gap', 'gap:draft-to-review', LEGAL, 6, 0, 'accepted'],
    ]);
    const work = spans.at(-1);
    expect(work?.ended).toBe('handedOn');
    expect(work?.runMs).toBeLessThan(HOUR);
  });

  it('W106: waiting is kept apart from the work, and from the repair', () => {
    const board = laterOn(inReview(), 2);
    board.tell('bob', 'startWaiting');
    laterOn(board, 5).tell('bob', 'resumeWork');
    laterOn(board, 1).tell('bob', 'completeItem');
    expect(spansOf(board.log).slice(2).map(brief)).toEqual([
      ['work', 'work:review', LEGAL, 3, 5, 'completed'],
    ]);
  });

  it('W105: an item that is cancelled ends what runs; reopened it begins a new stay', () => {
    const board = laterOn(offeredToLegal(), 1);
    board.tell('amy', 'cancelItem');
    laterOn(board, 7).tell('amy', 'reopenItem');
    laterOn(board, 2).tell('amy', 'cancelItem');
    const spans = spansOf(board.log);
    expect(spans.map(({ clock, ended }) => `${clock} ${ended}`)).toEqual([
      'gap cancelled',
      'work cancelled',
      'work cancelled',
    ]);
    expect(spans.at(-1)?.runMs).toBe(2 * HOUR);
    expect(spans.filter(countsAsUsual)).toEqual([]);
  });

  it('W107: on an automatic seam nothing lies between two teams, so it has no gap', () => {
    const board = inReview();
    board.tell('bob', 'offerHandoff');
    board.tell('carol', 'acceptHandoff');
    board.tell('carol', 'offerHandoff', { seamId: 'setup-to-live', facts: { signed: true } });
    expect(spansOf(board.log).slice(-1).map(brief)[0]?.slice(0, 2)).toEqual(['work', 'work:setup']);
    expect(spansOf(board.log).filter(({ clock }) => clock === 'gap')).toHaveLength(2);
  });

  it('W107: what goes back is another team’s to accept, and has a history of its own', () => {
    const board = inReview();
    board.tell('bob', 'sendBack');
    board.tell('alice', 'acceptHandoff');
    expect(spansOf(board.log).map(({ key }) => key)).toContain('back:draft-to-review');
  });
});

/** Slow, and by another way: for every moment at which anything happened, what the rows said was running until then. */
function recount(board: TestBoard, log: readonly Entry[]): Map<string, { runMs: number; waitedMs: number }> {
  const counted = new Map<string, { runMs: number; waitedMs: number }>();
  const replayed = newBoard();
  let atMs = 0;
  for (const entry of log) {
    for (const item of itemsOf(replayed)) {
      const name = runningName(item);
      if (name === null) continue;
      const sum = counted.get(name) ?? { runMs: 0, waitedMs: 0 };
      sum[item.waiting === null ? 'runMs' : 'waitedMs'] += entry.at - atMs;
      counted.set(name, sum);
    }
    replayed.nowMs = entry.at - 1_000;
    replayed.record(entry.actorId as Parameters<TestBoard['record']>[0], entry.commandId, entry.events);
    atMs = entry.at;
  }
  expect(itemsOf(replayed)).toEqual(itemsOf(board));
  return counted;
}

function runningName(item: Item): string | null {
  const running = runningClock(item);
  return running && `${item.id} ${running.clock} ${running.since}`;
}

/** Those that still run, or are held up by one that does. */
function openNames(item: Item): string[] {
  if (item.closed !== null) return [];
  return [runningName(item) ?? '', `${item.id} work ${item.heldSince}`];
}

describe('whatever anybody does, in any order', () => {
  it('W108: every clock says what a recount of every moment says, and each ends once', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        const expected = recount(board, board.log);
        for (const name of itemsOf(board).flatMap(openNames)) expected.delete(name);
        const actual = new Map(
          itemsOf(board).flatMap(({ id }) =>
            spansOf(board.log, id).map(({ clock, fromMs, runMs, waitedMs }) => [
              `${id} ${clock} ${fromMs}`,
              { runMs, waitedMs },
            ]),
          ),
        );
        expect(actual).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('W108: also where a return was answered, and the answer withdrawn', () => {
    const board = offeredToLegal();
    laterOn(board, 2).tell('bob', 'returnHandoff', { reasonId: 'incomplete' });
    laterOn(board, 3).tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    laterOn(board, 4).tell('alice', 'withdrawHandoff');
    const running = runningClock(board.item());
    laterOn(board, 5).tell('alice', 'offerHandoff', { seamId: 'draft-to-review', facts: {} });
    const repair = spansOf(board.log).findLast(({ clock }) => clock === 'repair');
    expect(running).toEqual({ clock: 'repair', since: repair?.fromMs });
  });

  it('W109: comments, edits, order, nudges and owners touch no clock', () => {
    const aside = new Set([
      'commentAdded',
      'factsRecorded',
      'itemOrdered',
      'itemNudged',
      'itemClaimed',
      'ownerAssigned',
    ]);
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        const without = board.log.map((entry) => ({
          ...entry,
          events: entry.events.filter(({ type }) => !aside.has(type)),
        }));
        for (const { id } of itemsOf(board)) expect(spansOf(without, id)).toEqual(spansOf(board.log, id));
      }),
      { numRuns: 50 },
    );
  });
});
