import type { NudgeItem } from './commands.ts';
import type { Decision, Question } from './question.ts';
import { ok, refused } from './result.ts';

/** One reminder of an item in this time, whoever sends it: what is pressed ten times is not read once. */
export const NUDGE_EVERY_MS = 4 * 3_600_000;

/** Anybody of the board may ask after an item. Who has it and since when stays as it is. */
export function decideNudge({ item, nowMs }: Question<NudgeItem>): Decision {
  const { nudged } = item;
  const againAt = nudged ? nudged.at + NUDGE_EVERY_MS : 0;
  if (nudged && nowMs < againAt)
    return refused({ code: 'nudgedLately', by: nudged.by, at: nudged.at, againAt });
  return ok([{ type: 'itemNudged', itemId: item.id }]);
}
