import type { SeamId } from './ids.ts';
import type { Item } from './state.ts';

/** From this bounce over one seam on, it takes a lead of both teams: one who sends it back, and one who accepts it. */
export const BOUNCE_NEEDS_LEAD_FROM = 3;

/** How often the item was sent back over the seam so far. */
export function bouncesOf(item: Item, seamId: SeamId): number {
  return Object.hasOwn(item.bounces, seamId) ? (item.bounces[seamId] ?? 0) : 0;
}
