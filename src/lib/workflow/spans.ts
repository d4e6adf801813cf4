import { gapKeyOf, repairKeyOf, type Clock } from './clocks.ts';
import type { Entry, Event } from './events.ts';
import type { StepId, TeamId } from './ids.ts';
import type { Route } from './state.ts';
import { upcast } from './upcast.ts';
import type { ClockKey } from './usual.ts';

/**
 * One clock of an item that has run out: the gap of a handoff, the work of a stay in a step, or the repair of a return.
 * `runMs` is elapsed time; what was spent waiting meanwhile is kept apart.
 */
export interface Span {
  readonly clock: Clock;
  /** Which history it belongs to; null: it went off the path. */
  readonly key: ClockKey | null;
  /** Whose clock it was: of a gap the team that was asked, else the holder. */
  readonly teamId: TeamId;
  /** `seq` of the entry that began it: with the item and the clock it names the span. */
  readonly fromSeq: number;
  readonly fromMs: number;
  /** Of work: when it was offered for the last time in this stay, or closed. */
  readonly untilMs: number;
  readonly runMs: number;
  readonly waitedMs: number;
  readonly ended: SpanEnd;
}

/** gap: accepted, returned, withdrawn, cancelled; work: handedOn, completed, cancelled; repair: offered, and as work. */
export type SpanEnd =
  'accepted' | 'returned' | 'withdrawn' | 'offered' | 'handedOn' | 'completed' | 'cancelled';

/** What is counted so far of the clocks of one item: plain JSON, so that it can be kept and read on from. */
export interface ClockRun {
  readonly stepId: StepId;
  readonly teamId: TeamId;
  /** Up to here everything is counted. */
  readonly atMs: number;
  readonly work: Tally;
  /** At most one of these two runs in place of the work. */
  readonly gap:
    (Tally & { readonly route: Route; readonly teamId: TeamId; readonly repaired?: Route }) | null;
  readonly repair: (Tally & { readonly route: Route }) | null;
  readonly isWaiting: boolean;
  readonly isClosed: boolean;
}

interface Tally {
  readonly fromSeq: number;
  readonly fromMs: number;
  readonly runMs: number;
  readonly waitedMs: number;
}

/** Ends that say how long such a thing takes when it is done, and not how soon somebody gave it up. */
const COUNTED_ENDS: ReadonlySet<SpanEnd> = new Set(['accepted', 'offered', 'handedOn', 'completed']);

export function countsAsUsual({ key, ended }: Span): boolean {
  return key !== null && COUNTED_ENDS.has(ended);
}

/**
 * Counts on through one entry that touches the item; null: none has yet. Gives what stands counted now, and the spans
 * that the entry has ended. What concerns no clock (comments, facts, order, owners) leaves all of it as it is.
 */
export function advanceClocks(
  run: ClockRun | null,
  entry: Entry,
): { readonly run: ClockRun | null; readonly ended: readonly Span[] } {
  const ended: Span[] = [];
  let now = run;
  for (const event of upcast(entry)) {
    if (!isOfClocks(event)) continue;
    now =
      event.type === 'itemCreated'
        ? begun(event.stepId, event.teamId, entry)
        : applied(elapsed(known(now, entry), entry.at), event, { entry, ended });
  }
  return { run: now, ended };
}

type ClockEvent = Extract<
  Event,
  {
    type:
      | 'itemCreated'
      | 'handoffOffered'
      | 'handoffAccepted'
      | 'handoffReturned'
      | 'handoffWithdrawn'
      | 'waitingStarted'
      | 'workResumed'
      | 'itemCompleted'
      | 'itemCancelled'
      | 'itemReopened';
  }
>;

/** What starts, stops or ends a clock. */
export const CLOCK_EVENT_TYPES: readonly ClockEvent['type'][] = [
  'itemCreated',
  'handoffOffered',
  'handoffAccepted',
  'handoffReturned',
  'handoffWithdrawn',
  'waitingStarted',
  'workResumed',
  'itemCompleted',
  'itemCancelled',
  'itemReopened',
];
const CLOCK_EVENTS: ReadonlySet<Event['type']> = new Set(CLOCK_EVENT_TYPES);

function isOfClocks(event: Event): event is ClockEvent {
  return CLOCK_EVENTS.has(event.type);
}

function known(run: ClockRun | null, entry: Entry): ClockRun {
  if (run === null) throw new Error(`Entry ${entry.seq} moves an item that was not created before.`);
  return run;
}

function begun(stepId: StepId, teamId: TeamId, entry: Entry): ClockRun {
  const work = newTally(entry);
  return { stepId, teamId, atMs: entry.at, work, gap: null, repair: null, isWaiting: false, isClosed: false };
}

function newTally({ seq, at }: Entry): Tally {
  return { fromSeq: seq, fromMs: at, runMs: 0, waitedMs: 0 };
}

/** Adds the time since the last entry to the clock that ran. */
function elapsed(run: ClockRun, atMs: number): ClockRun {
  if (run.isClosed) return { ...run, atMs };
  const ms = atMs - run.atMs;
  const added = <Counted extends Tally>(tally: Counted): Counted =>
    run.isWaiting ? { ...tally, waitedMs: tally.waitedMs + ms } : { ...tally, runMs: tally.runMs + ms };
  if (run.gap) return { ...run, atMs, gap: added(run.gap) };
  if (run.repair) return { ...run, atMs, repair: added(run.repair) };
  return { ...run, atMs, work: added(run.work) };
}

interface Ending {
  readonly entry: Entry;
  /** Takes what has ended. */
  readonly ended: Span[];
}

function applied(
  run: ClockRun,
  event: Exclude<ClockEvent, { type: 'itemCreated' }>,
  ending: Ending,
): ClockRun {
  const { entry, ended } = ending;
  switch (event.type) {
    case 'handoffOffered': {
      if (run.repair) ended.push(repairSpan(run, entry.at, 'offered'));
      const repaired = run.repair && { repaired: run.repair.route };
      return {
        ...run,
        repair: null,
        gap: { ...newTally(entry), route: event.route, teamId: event.toTeamId, ...repaired },
      };
    }
    case 'handoffAccepted': {
      // Offered and accepted in one decision: nobody was asked, and nothing lay between two teams.
      if (!event.isAutomatic) ended.push(gapSpan(run, entry.at, 'accepted'));
      ended.push(workSpan(run, entry.at, 'handedOn'));
      return begun(event.stepId, event.teamId, entry);
    }
    case 'handoffReturned': {
      ended.push(gapSpan(run, entry.at, 'returned'));
      return { ...run, gap: null, repair: { ...newTally(entry), route: openGap(run).route } };
    }
    case 'handoffWithdrawn': {
      ended.push(gapSpan(run, entry.at, 'withdrawn'));
      // The return that it was offered after stands again: what follows is another repair.
      const { repaired } = openGap(run);
      return { ...run, gap: null, repair: repaired ? { ...newTally(entry), route: repaired } : null };
    }
    case 'waitingStarted':
      return { ...run, isWaiting: true };
    case 'workResumed':
      return { ...run, isWaiting: false };
    case 'itemCompleted':
      return closed(run, 'completed', ending);
    case 'itemCancelled':
      return closed(run, 'cancelled', ending);
    case 'itemReopened':
      return begun(run.stepId, run.teamId, entry);
  }
}

function closed(run: ClockRun, how: 'completed' | 'cancelled', { entry, ended }: Ending): ClockRun {
  if (run.gap) ended.push(gapSpan(run, entry.at, 'cancelled'));
  if (run.repair) ended.push(repairSpan(run, entry.at, how));
  ended.push(workSpan(run, entry.at, how));
  return { ...run, gap: null, repair: null, isWaiting: false, isClosed: true };
}

function openGap(run: ClockRun): NonNullable<ClockRun['gap']> {
  if (run.gap === null) throw new Error('The log ends a handoff that is not open.');
  return run.gap;
}

function gapSpan(run: ClockRun, untilMs: number, ended: SpanEnd): Span {
  const { route, teamId, repaired: _, ...tally } = openGap(run);
  return { clock: 'gap', key: gapKeyOf(route), teamId, ...tally, untilMs, ended };
}

function repairSpan(run: ClockRun, untilMs: number, ended: SpanEnd): Span {
  if (run.repair === null) throw new Error('Nothing was returned.');
  const { route, ...tally } = run.repair;
  return { clock: 'repair', key: repairKeyOf(route), teamId: run.teamId, ...tally, untilMs, ended };
}

function workSpan({ stepId, teamId, work, gap }: ClockRun, endedMs: number, ended: SpanEnd): Span {
  return { clock: 'work', key: `work:${stepId}`, teamId, ...work, untilMs: gap?.fromMs ?? endedMs, ended };
}
