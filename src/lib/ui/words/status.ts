import { nextMove } from '#lib/workflow/responsibility.ts';
import type { Item, Role } from '#lib/workflow/state.ts';

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
  return item.ownerId === null
    ? { word: 'Unclaimed', tone: 'neutral' }
    : { word: 'In work', tone: 'neutral' };
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
