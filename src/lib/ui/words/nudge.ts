import type { Nudge } from '#lib/workflow/state.ts';
import { formatAgo } from './durations.ts';
import type { Names } from './names.ts';

/** `Nudged by Alice 2 h ago`; no full stop. */
export function nudgeWords({ by, at, count }: Nudge, names: Names, nowMs: number): string {
  const nudged = count === 1 ? 'Nudged' : `Nudged ${count} times, last`;
  return `${nudged} by ${names.person(by)} ${formatAgo(at, nowMs)}`;
}
