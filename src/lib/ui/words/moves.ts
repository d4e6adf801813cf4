import { isSoSince, type MoveGroupName } from '#lib/state/move-groups.ts';
import type { Item } from '#lib/workflow/state.ts';
import { formatDuration, spellDuration } from './durations.ts';
import { counted } from './sentences.ts';

interface GroupWords {
  readonly title: string;
  /** What to do with what stands here. */
  readonly hint: string;
}

export const MOVE_GROUP_WORDS: Readonly<Record<MoveGroupName, GroupWords>> = {
  stalled: { title: 'Stalled', hint: 'Past their limit, or longer where they are than is usual' },
  offered: { title: 'Offered to us', hint: 'Accept, or return with a reason' },
  returned: { title: 'Returned to us', hint: 'Mend what is missing and offer again' },
  mine: { title: 'Mine', hint: 'You have these, and move next' },
  unclaimed: { title: 'Unclaimed', hint: 'With us, and nobody works on them yet' },
  waiting: { title: 'Waiting', hint: 'Paused on somebody else, or until a day' },
  notTaken: { title: 'Offered by us, not taken yet', hint: 'Still ours to answer for until they are' },
};

/** `3 moves wait for you`, as it stands on the page and is read out when the number changes. */
export function movesSentence(count: number): string {
  if (count === 0) return 'Nothing waits for you';
  return `${counted(count, 'move')} ${count === 1 ? 'waits' : 'wait'} for you`;
}

/** `(3) `, for the front of a page's title; empty: nothing waits. */
export function movesMark(count: number): string {
  return count === 0 ? '' : `(${count}) `;
}

/** How long it has stood where it stands: `offered 2d 3h`. */
export function moveAge(item: Item, nowMs: number): { short: string; spoken: string } {
  const ageMs = Math.max(0, nowMs - isSoSince(item));
  const verb = ageVerb(item);
  return { short: `${verb} ${formatDuration(ageMs)}`, spoken: `${verb} for ${spellDuration(ageMs)}` };
}

function ageVerb(item: Item): string {
  if (item.handoff !== null) return 'offered';
  if (item.waiting !== null) return 'waiting';
  return item.returned !== null ? 'back' : 'here';
}
