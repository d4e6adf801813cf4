import type { NamedSpan, SpanFault } from '#lib/state/changes-view.ts';
import { PAST_DAYS_MAX } from '#lib/protocol/limits.ts';
import { SHIFT_KINDS, type Shift, type ShiftItem, type ShiftKind } from '#lib/workflow/shift.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import type { Item } from '#lib/workflow/state.ts';
import { TITLE_KEY } from '#lib/workflow/definition.ts';
import { formatMoment } from './durations.ts';
import { historyLines, type HistoryKind } from './history.ts';
import type { Names } from './names.ts';
import { responsibilitySentence } from './responsibility.ts';
import { stallSentence } from './stall.ts';
import { capital, counted, listed } from './sentences.ts';

export const changesWords = {
  title: 'What changed',
  everybody: 'All teams',
  nothing: 'Nothing was handed over.',
  copy: 'Copy as text',
  copied: 'Copied',
  notCopied: 'Could not be copied',
  print: 'Print',
  unreachable: 'The log is kept by the server, which can’t be reached now.',
  cut: 'More has happened in this span than one page holds: what is shown is its beginning. Choose a shorter one.',
  changed: 'Changed',
  noChange: 'Nothing changed',
  noChangeWhy: (who: string | null, span: string) =>
    who === null
      ? `Nobody has changed anything ${span}.`
      : `Nobody of ${who}, and nobody who works with ${who}, has changed anything ${span}.`,
  open: (isThen: boolean) => (isThen ? 'Open then' : 'Open now'),
  noneOpen: 'Nothing.',
  more: (count: number) => `Show ${count} more`,
  reading: (entries: number) =>
    entries === 0 ? 'Reading the log…' : `Reading the log… ${counted(entries, 'entry', 'entries')} so far`,
  lines: (key: string) => `What happened to ${key}`,
  moreLines: (count: number) => `${count} more`,
  moreLinesOf: (count: number, key: string) =>
    `${count} more ${count === 1 ? 'change' : 'changes'} of ${key}`,
  less: 'Show less',
  lessOf: (key: string) => `Show less of ${key}`,
  what: 'What to show',
  team: 'Team',
  span: 'Span',
  moments: 'From … to …',
  from: 'From',
  to: 'To',
  untilNow: 'Empty: until now',
  show: 'Show',
  noBeginning: 'Give the beginning as a day and a time.',
} as const;

export const SPAN_NAMES: Readonly<Record<NamedSpan, string>> = {
  '8h': 'Last 8 hours',
  evening: 'Since yesterday 17:00',
  week: 'Last 7 days',
  month: 'Last 30 days',
};

/** Why a span that was chosen can't be shown. */
export const SPAN_FAULTS: Readonly<Record<SpanFault, string>> = {
  order: 'The end must be after the beginning.',
  long: `A span can be ${PAST_DAYS_MAX} days long at most.`,
  early: `The board can be looked at ${PAST_DAYS_MAX} days back at most.`,
};

/** What a kind of change is called, as a mark on an item and in a count: `3 arrived`. */
export const SHIFT_KIND_NAMES: Readonly<Record<ShiftKind, string>> = {
  arrived: 'arrived',
  accepted: 'accepted',
  offered: 'offered on',
  handedOn: 'handed on',
  returned: 'returned',
  cameBack: 'came back',
  completed: 'completed',
  cancelled: 'cancelled',
  reopened: 'reopened',
  waiting: 'began waiting',
  stalled: 'stalled',
};

/** `3 arrived, 2 accepted and 1 returned`; empty: nothing of the kind. An item counts once for each kind. */
export function shiftSummary({ items }: Shift): string {
  const counts = SHIFT_KINDS.map((kind) => ({
    kind,
    count: items.filter(({ kinds }) => kinds.has(kind)).length,
  }));
  return listed(
    counts.filter(({ count }) => count > 0).map(({ kind, count }) => `${count} ${SHIFT_KIND_NAMES[kind]}`),
  );
}

/** One thing that happened to an item, with when. */
export interface ShiftLine {
  readonly key: string;
  readonly kind: HistoryKind | 'stalled';
  readonly at: number;
  readonly text: string;
  /** What a person wrote with it; empty: nothing. */
  readonly quote: string;
}

/** All that happened to the item in the span, oldest first. */
export function shiftLines({ entries, stalledAt }: ShiftItem, names: Names, nowMs: number): ShiftLine[] {
  const lines: ShiftLine[] = historyLines(entries, names, nowMs).map(({ seq, kind, at, text, quote }) => {
    return { key: String(seq), kind, at, text, quote };
  });
  if (stalledAt !== null)
    lines.push({ key: 'stalled', kind: 'stalled', at: stalledAt, text: 'It stalled', quote: '' });
  return lines.sort((one, other) => one.at - other.at);
}

const ASIDE: ReadonlySet<ShiftLine['kind']> = new Set(['comment', 'facts', 'nudged']);

/** The line that stands for all of them: the last that changed who has the item or how it stands. */
export function headLine(lines: readonly ShiftLine[]): ShiftLine | null {
  return lines.findLast(({ kind }) => !ASIDE.has(kind)) ?? lines.at(-1) ?? null;
}

/** `since yesterday at 17:00`, `from 3 Nov at 08:00 to yesterday at 17:00`. */
export function spanWords(fromMs: number, toMs: number | null, nowMs: number): string {
  const from = momentWords(fromMs, nowMs);
  return toMs === null ? `since ${from}` : `from ${from} to ${momentWords(toMs, nowMs)}`;
}

/** When, at the head of a line or after a preposition of its own: `10:42`, `yesterday at 10:42`, `3 Nov at 10:42`. */
export function momentWords(atMs: number, nowMs: number): string {
  return formatMoment(atMs, nowMs).replace(/^(at|on) /, '');
}

export interface ShiftReport {
  readonly board: string;
  /** Whose shift it is: a team's name, or everybody. */
  readonly who: string;
  readonly shift: Shift;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly nowMs: number;
  /** How an open item was stalled at the end; null: it was not. */
  readonly stallOf: (item: Item) => Stall | null;
  readonly namesOf: (item: Item) => Names;
}

/** The whole report as plain text, to be sent or kept elsewhere. */
export function shiftText(report: ShiftReport): string {
  const { board, who, shift, fromMs, toMs, nowMs, namesOf, stallOf } = report;
  const summary = shiftSummary(shift);
  const changed = shift.items.map((told) => {
    const lines = shiftLines(told, namesOf(told.item), nowMs);
    return [itemTitle(told.item), ...lines.map((line) => `  - ${lineText(line, nowMs)}`)].join('\n');
  });
  const open = shift.open.map((item) => {
    const stall = stallOf(item);
    const why = stall === null ? '' : ` ${stallSentence(stall, nowMs, toMs ?? nowMs)}`;
    return `- ${itemTitle(item)}: ${responsibilitySentence(item, namesOf(item), nowMs)}${why}`;
  });
  return [
    `${who}: what changed ${spanWords(fromMs, toMs, nowMs)}`,
    `${board}${summary === '' ? '' : `: ${summary}`}`,
    '',
    ...(changed.length === 0 ? ['Nothing changed.'] : changed),
    '',
    `${changesWords.open(toMs !== null)}: ${counted(open.length, 'item')}`,
    ...open,
    '',
  ].join('\n');
}

function itemTitle({ key, facts }: Item): string {
  return `${key} ${String(facts[TITLE_KEY] ?? '')}`;
}

function lineText({ at, text, quote }: ShiftLine, nowMs: number): string {
  const said = quote === '' ? '' : `: “${quote.replace(/\s+/g, ' ').trim()}”`;
  return `${capital(momentWords(at, nowMs))}: ${text}${said}`;
}
