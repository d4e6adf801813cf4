import type { TeamId } from '#lib/workflow/ids.ts';
import { laneVerdict, type Move, type NoWay } from '#lib/workflow/legal-moves.ts';
import { hasRole } from '#lib/workflow/permissions.ts';
import { placeOf, type Column } from '#lib/workflow/place.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import type { UserId } from '#lib/workflow/ids.ts';

/** What a drop would do, known before it happens. */
export type Drop =
  | { readonly kind: 'order' }
  /** It belongs to this lane already, and this column is not for what a team holds: letting go changes nothing. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'moves'; readonly moves: readonly Move[]; readonly isOffPath: boolean }
  | { readonly kind: 'accept' | 'return' | 'withdraw' | 'wait' | 'resume' }
  | { readonly kind: 'no'; readonly why: Refusal | NoWay };

/**
 * What dropping the item on each spot of the board would mean for one person. The lane it is drawn in differs by
 * column; any other lane is one target as a whole.
 */
export interface Drops {
  readonly homeTeamId: TeamId;
  readonly homeColumn: Column;
  readonly home: Readonly<Record<Column, Drop>>;
  readonly lanes: ReadonlyMap<TeamId, Drop>;
}

export function dropsFor(state: BoardState, item: Item, userId: UserId): Drops | null {
  const place = placeOf(item);
  if (place === null) return null;
  const lanes = new Map<TeamId, Drop>();
  for (const teamId of state.teams.keys()) {
    if (teamId !== place.teamId) lanes.set(teamId, dropOnLane(state, item, userId, teamId));
  }
  const home =
    place.column === 'incoming' ? homeOfIncoming(state, item, userId) : homeOfHeld(state, item, userId);
  return { homeTeamId: place.teamId, homeColumn: place.column, home, lanes };
}

export function dropAt(drops: Drops, teamId: TeamId, column: Column): Drop {
  const drop = teamId === drops.homeTeamId ? drops.home[column] : drops.lanes.get(teamId);
  return drop ?? { kind: 'no', why: { code: 'noStepInLane' } };
}

function dropOnLane(state: BoardState, item: Item, userId: UserId, teamId: TeamId): Drop {
  if (item.handoff !== null && teamId === item.holderTeamId) return backToSender(state, item, userId);
  const verdict = laneVerdict(state, item, { userId }, teamId);
  switch (verdict.kind) {
    case 'moves':
      return { kind: 'moves', moves: verdict.moves, isOffPath: verdict.moves.every(isOffPath) };
    case 'accept':
      return { kind: 'accept' };
    case 'here':
      return { kind: 'order' };
    case 'no':
      return verdict;
  }
}

/** A lead may leave the path; the board says so before the drop, and does not make it look like the way. */
function isOffPath({ route }: Move): boolean {
  return route.kind === 'skip' || route.kind === 'detour';
}

/** Dragging an offer back: its sender takes it back, the team that was asked returns it. */
function backToSender(state: BoardState, item: Item, userId: UserId): Drop {
  const member = state.members.get(userId);
  const { handoff } = item;
  const isSender = hasRole(member, item.holderTeamId, 'member');
  if (isSender && handoff?.offeredBy === userId) return { kind: 'withdraw' };
  if (handoff && hasRole(member, handoff.toTeamId, 'member')) return { kind: 'return' };
  if (isSender) return { kind: 'withdraw' };
  return { kind: 'no', why: { code: 'notYourTeam', teamId: item.holderTeamId, role: 'member' } };
}

function homeOfIncoming(state: BoardState, item: Item, userId: UserId): Record<Column, Drop> {
  const teamId = item.handoff?.toTeamId ?? item.holderTeamId;
  const verdict = laneVerdict(state, item, { userId }, teamId);
  const working: Drop = verdict.kind === 'no' ? verdict : { kind: 'accept' };
  return { incoming: orderIn(state, teamId, userId), working, waiting: working };
}

function homeOfHeld(state: BoardState, item: Item, userId: UserId): Record<Column, Drop> {
  const order = orderIn(state, item.holderTeamId, userId);
  if (order.kind === 'no') return { incoming: order, working: order, waiting: order };
  const isWaiting = item.waiting !== null;
  return {
    incoming: { kind: 'nothing' },
    working: isWaiting ? { kind: 'resume' } : order,
    waiting: isWaiting ? order : { kind: 'wait' },
  };
}

function orderIn(state: BoardState, teamId: TeamId, userId: UserId): Drop {
  if (hasRole(state.members.get(userId), teamId, 'member')) return { kind: 'order' };
  return { kind: 'no', why: { code: 'notYourTeam', teamId, role: 'member' } };
}
