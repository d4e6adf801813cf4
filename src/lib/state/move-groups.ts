import { endOfDayMs } from '#lib/workflow/calendar.ts';
import { runningClock } from '#lib/workflow/clocks.ts';
import type { TeamId } from '#lib/workflow/ids.ts';
import { hasRole, holdsRole } from '#lib/workflow/permissions.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import type { Item, Member } from '#lib/workflow/state.ts';

/** The groups of "My moves", most urgent first. An item stands in the first that fits. */
export const MOVE_GROUPS = [
  'stalled',
  'offered',
  'returned',
  'mine',
  'unclaimed',
  'waiting',
  'notTaken',
] as const;

export type MoveGroupName = (typeof MOVE_GROUPS)[number];

/** Why an item stands on one person's page, and since when. */
export interface PersonalMove {
  readonly group: MoveGroupName;
  /** When what it waits for now began: the offer, the return, the pause, or having it. */
  readonly since: number;
  /** Null: it is not stalled. */
  readonly stall: Stall | null;
  /** Waiting, and the day it waits for has come. */
  readonly isDue: boolean;
  /** The next move is this person's own to make now, and not a colleague's or another team's. */
  readonly isOwnTurn: boolean;
}

const OWN_TURN_GROUPS: ReadonlySet<MoveGroupName> = new Set(['stalled', 'offered', 'returned', 'mine']);

/** What the item asks of this person, `stall` as of now; null: nothing, it is somebody else's or closed. */
export function personalMove(
  item: Item,
  stall: Stall | null,
  member: Member,
  nowMs: number,
): PersonalMove | null {
  const group = groupOf(item, member, stall !== null);
  if (group === null) return null;
  return {
    group,
    since: isSoSince(item),
    stall,
    isDue: isDue(item, nowMs),
    isOwnTurn: OWN_TURN_GROUPS.has(group) && mayMoveNext(item, member),
  };
}

/** When what the item waits for now began: the offer, the return, the pause, or having it. */
export function isSoSince(item: Item): number {
  return item.waiting?.since ?? runningClock(item)?.since ?? item.createdAt;
}

/** A team that the person has a part in. An admin may act for all of them, but they are not all the admin's. */
export function isOwnTeam(member: Member, teamId: TeamId): boolean {
  return holdsRole(member, teamId, 'member');
}

/** Longest waiting first. Among the stalled what has been so longest; among the waiting what is due. */
export function compareMoves(one: PersonalMove, other: PersonalMove): number {
  if (one.isDue !== other.isDue) return one.isDue ? -1 : 1;
  return (one.stall?.fromMs ?? one.since) - (other.stall?.fromMs ?? other.since);
}

function groupOf(item: Item, member: Member, isStalled: boolean): MoveGroupName | null {
  if (item.closed !== null) return null;
  const isAsked = item.handoff !== null && isOwnTeam(member, item.handoff.toTeamId);
  const isMine = item.ownerId === member.userId && hasRole(member, item.holderTeamId, 'member');
  if (!isAsked && !isMine && !isOwnTeam(member, item.holderTeamId)) return null;
  if (isStalled) return 'stalled';
  if (item.handoff !== null) return isAsked ? 'offered' : 'notTaken';
  const isFree = isMine || item.ownerId === null;
  // Nobody of us moves while it waits, even if it came back before; a colleague's pause is the colleague's.
  if (item.waiting !== null) return isFree ? 'waiting' : null;
  if (item.returned !== null) return 'returned';
  if (isMine) return 'mine';
  return item.ownerId === null ? 'unclaimed' : null;
}

function mayMoveNext(item: Item, member: Member): boolean {
  const { handoff, ownerId } = item;
  if (handoff === null) return ownerId === null || ownerId === member.userId;
  return isOwnTeam(member, handoff.toTeamId) && hasRole(member, handoff.toTeamId, leadOrMember(handoff));
}

function leadOrMember({ needsLead }: { readonly needsLead: boolean }): 'lead' | 'member' {
  return needsLead ? 'lead' : 'member';
}

/** By UTC, unlike what is late: it says what to look at first. */
function isDue({ waiting, handoff }: Item, nowMs: number): boolean {
  if (waiting?.until == null || handoff !== null) return false;
  const endMs = endOfDayMs(waiting.until);
  return endMs !== null && nowMs >= endMs - DAY_MS;
}

const DAY_MS = 24 * 60 * 60 * 1000;
