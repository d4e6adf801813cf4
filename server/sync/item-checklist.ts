import * as Y from 'yjs';
import type { ChecklistCount, Item } from '#lib/workflow/state.ts';

const NOTHING_TO_DO: ChecklistCount = { done: 0, total: 0 };

/** How much of the checklist is done, where that is other than the item's row says; null: as it says. */
export function changedCount(list: Y.Array<unknown>, item: Item): ChecklistCount | null {
  const entries = list.toArray().filter((entry) => entry instanceof Y.Map);
  const done = entries.filter((entry) => entry.get('isDone') === true).length;
  const known = item.checklist ?? NOTHING_TO_DO;
  const isSame = known.done === done && known.total === entries.length;
  return isSame ? null : { done, total: entries.length };
}
