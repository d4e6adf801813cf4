import type { NudgeItem } from './commands.ts';
import type { Decision, Question } from './question.ts';
import { ok, refused } from './result.ts';
import type { Item } from './state.ts';

/** One reminder of an item in this time, whoever sends it: what is pressed ten times is not read once. */
export const NUDGE_EVERY_MS = 4 * 3_600_000;

/** From when on the item may be nudged again; 0: it has not been nudged yet. */
export function nudgeAgainAt({ nudged }: Pick<Item, 'nudged'>): number {
  return nudged ? nudged.at + NUDGE_EVERY_MS : 0;
}

/** Anybody of the board may ask after an item. Who has it and since when stays as it is. */
export function decideNudge({ item, nowMs }: Question<NudgeItem>): Decision {
  const { nudged } = item;
  const againAt = nudgeAgainAt(item);
  if (nudged && nowMs < againAt)
    return refused({ code: 'nudgedLately', by: nudged.by, at: nudged.at, againAt });
  return ok([{ type: 'itemNudged', itemId: item.id }]);
}
