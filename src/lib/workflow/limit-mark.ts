import { limitShareMs, stallAhead, type StallGround } from './stall.ts';
import type { WorkflowVersion } from './definition.ts';
import type { Item } from './state.ts';

/** Half of a limit is gone, or the item is stalled. */
export type LimitMark = 'half' | 'past';

export interface OnTheWay {
  /** The last mark it has passed; null: none yet. */
  readonly mark: LimitMark | null;
  /** When the clock began that is held against the limit; of a promised day, when it was promised. */
  readonly sinceMs: number;
  /** When it is stalled. */
  readonly fromMs: number;
  /** The moment at which it will have passed the next mark, if nobody moves it; null: it has passed them all. */
  readonly nextMs: number | null;
}

/**
 * How far an open item is on the way to being stalled; null: it is closed. Half-way counts for a limit alone: a promised
 * day is waited for, and what is merely unusual is not known to be so before.
 */
export function onTheWay(
  item: Item,
  workflow: WorkflowVersion,
  ground: StallGround,
  nowMs: number,
): OnTheWay | null {
  const stall = stallAhead(item, workflow, ground);
  if (stall === null) return null;
  const { fromMs } = stall;
  const sinceMs = stall.because === 'promise' ? (item.waiting?.since ?? stall.sinceMs) : stall.sinceMs;
  const past = fromMs + 1;
  if (nowMs >= past) return { mark: 'past', sinceMs, fromMs, nextMs: null };
  const half = Math.ceil(limitShareMs(item, workflow, ground, 0.5) ?? past);
  if (nowMs >= half) return { mark: 'half', sinceMs, fromMs, nextMs: past };
  return { mark: null, sinceMs, fromMs, nextMs: half };
}
