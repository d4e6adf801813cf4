import { nudgeAgainAt } from '#lib/workflow/decide-nudge.ts';
import type { Item, Nudge } from '#lib/workflow/state.ts';
import { formatAgo, formatMoment } from './durations.ts';
import type { Names } from './names.ts';

/** `Nudged by Alice 2 h ago`; no full stop. */
export function nudgeWords({ by, at, count }: Nudge, names: Names, nowMs: number): string {
  const nudged = count === 1 ? 'Nudged' : `Nudged ${count} times, last`;
  return `${nudged} by ${names.person(by)} ${formatAgo(at, nowMs)}`;
}

/** Why it can't be nudged just now; empty: it can. */
export function nudgeWait(item: Pick<Item, 'nudged'>, nowMs: number): string {
  const againAt = nudgeAgainAt(item);
  return nowMs < againAt ? `Can be done again ${formatMoment(againAt, nowMs)}` : '';
}
