import type { LogSpan } from '#lib/sync/api.ts';
import { PAST_DAYS_MAX } from '#lib/protocol/limits.ts';
import type { TeamId } from '#lib/workflow/ids.ts';

/** Spans that can be chosen by a name: they end now. */
export const NAMED_SPANS = ['8h', 'evening', 'week', 'month'] as const;
export type NamedSpan = (typeof NAMED_SPANS)[number];

/** What the page of changes shows: for whom, and since when. */
export interface ChangesView {
  /** Null: nobody has chosen yet, so the person's own team. */
  readonly teamId: TeamId | typeof EVERYBODY | null;
  readonly span: NamedSpan | LogSpan;
}

export const EVERYBODY = 'all';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** When the day before was handed over, by the clock on this wall. */
const EVENING_HOUR = 17;
/** Milliseconds that a Date can hold. */
const MOMENT_SHAPE = /^\d{1,15}$/;

/** From and to of a span, as of now. A day begins and ends by the clock of whoever looks, also when that clock changes. */
export function spanOf(span: ChangesView['span'], nowMs: number): LogSpan {
  switch (span) {
    case '8h':
      return { fromMs: nowMs - 8 * HOUR_MS, toMs: null };
    case 'week':
      return { fromMs: nowMs - 7 * DAY_MS, toMs: null };
    case 'month':
      return { fromMs: nowMs - 30 * DAY_MS, toMs: null };
    case 'evening': {
      const evening = new Date(nowMs);
      evening.setDate(evening.getDate() - 1);
      return { fromMs: evening.setHours(EVENING_HOUR, 0, 0, 0), toMs: null };
    }
    default:
      return span;
  }
}

/** It ends before it begins; it is too long; it lies too far back. */
export type SpanFault = 'order' | 'long' | 'early';

/** Why a chosen span can't be shown; null: it can. */
export function spanFault({ fromMs, toMs }: LogSpan, nowMs: number): SpanFault | null {
  const endMs = toMs ?? nowMs;
  if (endMs <= fromMs) return 'order';
  if (endMs - fromMs > PAST_DAYS_MAX * DAY_MS) return 'long';
  return fromMs < nowMs - PAST_DAYS_MAX * DAY_MS ? 'early' : null;
}

/** For an address. */
export function viewToQuery({ teamId, span }: ChangesView): string {
  const query = new URLSearchParams();
  if (teamId !== null) query.set('team', teamId);
  if (typeof span === 'string') query.set('since', span);
  else {
    query.set('from', String(span.fromMs));
    if (span.toMs !== null) query.set('to', String(span.toMs));
  }
  return query.toString();
}

/** Passes over what makes no sense, so that a mangled link still opens the page. */
export function viewFromQuery(query: URLSearchParams): ChangesView {
  const teamId = (query.get('team') || null) as ChangesView['teamId'];
  const fromMs = parseMoment(query.get('from'));
  if (fromMs !== null) return { teamId, span: { fromMs, toMs: parseMoment(query.get('to')) } };
  const since = NAMED_SPANS.find((name) => name === query.get('since'));
  return { teamId, span: since ?? 'evening' };
}

function parseMoment(given: string | null): number | null {
  return given !== null && MOMENT_SHAPE.test(given) ? Number(given) : null;
}
