import { nextMove } from '#lib/workflow/responsibility.ts';
import type { Item, Role } from '#lib/workflow/state.ts';

/** Nobody of the team has it. */
export const UNCLAIMED = 'Unclaimed';

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'danger' | 'baton';

export interface StatusWords {
  readonly word: string;
  readonly tone: Tone;
}

/** The state of an item in one word. */
export function statusWords(item: Item): StatusWords {
  if (item.closed !== null) {
    return item.closed.kind === 'completed'
      ? { word: 'Done', tone: 'good' }
      : { word: 'Cancelled', tone: 'neutral' };
  }
  const move = nextMove(item);
  if (move.kind === 'accept') return { word: 'Offered', tone: 'baton' };
  if (move.kind === 'wait') return { word: 'Waiting', tone: 'info' };
  if (item.returned !== null) return { word: 'Returned', tone: 'warn' };
  return item.ownerId === null ? { word: UNCLAIMED, tone: 'neutral' } : { word: 'In work', tone: 'neutral' };
}

const ROLES: Readonly<Record<Role, { readonly name: string; readonly may: string }>> = {
  viewer: { name: 'Viewer', may: 'sees everything, changes nothing' },
  member: { name: 'Member', may: 'works on items and hands them over' },
  lead: { name: 'Lead', may: 'also cancels, reopens, leaves the path, and invites' },
};

export function roleName(role: Role): string {
  return ROLES[role].name;
}

/** What the role may do, to stand after its name. */
export function roleExplained(role: Role): string {
  return ROLES[role].may;
}

/** `completed 2 days ago`. */
export function closedWords(kind: 'completed' | 'cancelled', ago: string): string {
  return kind === 'completed' ? `completed ${ago}` : `cancelled ${ago}`;
}

/** A change of one's own that the board does not show to others yet. */
export const pendingWords = {
  kept: 'Kept here, and sent when the server can be reached',
  awaiting: 'Awaiting the server',
  notSent: 'Not sent yet',
} as const;
