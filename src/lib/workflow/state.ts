import type { Facts, WorkflowVersion } from './definition.ts';
import type {
  BoardId,
  CommandId,
  CommandMark,
  FieldKey,
  HandoffId,
  ItemId,
  ReasonId,
  SeamId,
  StepId,
  TeamId,
  UserId,
  WorkflowId,
} from './ids.ts';

/** What a person may do in one team. Each includes the ones before it. An admin counts as a lead of every team. */
export type Role = 'viewer' | 'member' | 'lead';

/** A person's membership of one board. Names live outside the rules: nothing is decided by a name. */
export interface Member {
  readonly userId: UserId;
  readonly isAdmin: boolean;
  readonly roles: Readonly<Record<string, Role>>; // by team id
}

export interface Team {
  readonly id: TeamId;
  readonly name: string;
  /** One of the palette names in `src/lib/ui`; a lane's colour. */
  readonly color: string;
  /** Position of the lane on the board, from 0. */
  readonly position: number;
  /** The most open items the team may hold; null: no limit. */
  readonly itemLimit: number | null;
}

/**
 * The current row of one item, as plain JSON: the same value stands in `BoardState`, in the board document and, column
 * by column, in Postgres. Times are milliseconds since 1970 by the server's clock.
 */
export interface Item {
  readonly id: ItemId;
  /** Rises from 1 on each board. */
  readonly number: number;
  /** `ONB-12`. */
  readonly key: string;
  readonly workflowId: WorkflowId;
  readonly workflowVersion: number;
  readonly facts: Facts;
  readonly stepId: StepId;
  /** The holder: the one accountable team. A closed item keeps its last holder. */
  readonly holderTeamId: TeamId;
  /** The person of the holding team who works on it; null: unclaimed. */
  readonly ownerId: UserId | null;
  /** The open handoff; null: none. While it is open the sender's team stays the holder. */
  readonly handoff: Handoff | null;
  /** The last return, until the item is offered again. */
  readonly returned: Return | null;
  readonly waiting: Waiting | null;
  /** Somebody waits for whoever moves next, and has said so; left out: nobody has since it last moved. */
  readonly nudged?: Nudge;
  readonly closed: Closing | null;
  /** The way it came, oldest first, at most `TRAIL_LENGTH_MAX` entries; the last is where `sendBack` goes. */
  readonly trail: readonly TrailEntry[];
  /** How often it was sent back, by seam id. */
  readonly bounces: Readonly<Record<string, number>>;
  /** Detours and skips taken so far. */
  readonly deviations: number;
  /** Position within its column: a fractional index; ties are broken by `number`. */
  readonly order: string;
  readonly createdAt: number;
  /** When the holder got it: creation, acceptance or reopening. The work clock starts here. */
  readonly heldSince: number;
  /**
   * When since then its offers lay with teams that did not take it, oldest first, at most `AWAY_MAX`, the open one not
   * among them: that was not the holder's time. Left out: none came back.
   */
  readonly away?: readonly Away[];
  readonly commentCount: number;
  /** How much of its checklist is done; left out: there is nothing on it. */
  readonly checklist?: ChecklistCount;
  /** To other items of the board, as seen from this one; left out: none. The other end has the same, the other way. */
  readonly relations?: readonly Relation[];
  /** `seq` of the last log entry that touched this item in any way. */
  readonly seq: number;
  /** The last change of step, holder, owner, handoff, waiting or closed: what a command's basis is held against. */
  readonly responsibility: Responsibility;
  /** Of the last commands that touched it, oldest first, at most `LAST_COMMANDS_MAX`. */
  readonly lastCommands: readonly CommandMark[];
}

export const TRAIL_LENGTH_MAX = 20;
export const LAST_COMMANDS_MAX = 16;
/** Of more, the two that lie closest together count as one. */
export const AWAY_MAX = 8;

/** An offer that was returned or withdrawn: from when until when it lay with the team that was asked. */
export interface Away {
  readonly offeredAt: number;
  readonly backAt: number;
}

export interface Responsibility {
  readonly seq: number;
  readonly by: UserId;
  readonly at: number;
  /** The event that changed it, for the sentence "Bob accepted it at 10:42". */
  readonly event: ResponsibilityEventType;
}

export type ResponsibilityEventType =
  | 'itemCreated'
  | 'itemClaimed'
  | 'ownerAssigned'
  | 'handoffOffered'
  | 'handoffAccepted'
  | 'handoffReturned'
  | 'handoffWithdrawn'
  | 'waitingStarted'
  | 'workResumed'
  | 'itemCompleted'
  | 'itemCancelled'
  | 'itemReopened';

/**
 * How a handoff leaves its step: over a seam, back the way it came, or off the path (on the record). `back` names the
 * seam it came by; null where it had come by a skip or a detour.
 */
export type Route =
  | { readonly kind: 'seam'; readonly seamId: SeamId }
  | { readonly kind: 'back'; readonly seamId: SeamId | null }
  | { readonly kind: 'skip'; readonly seamIds: readonly SeamId[] }
  | { readonly kind: 'detour' };

export interface Handoff {
  readonly id: HandoffId;
  readonly route: Route;
  readonly fromStepId: StepId;
  readonly toStepId: StepId;
  readonly fromTeamId: TeamId;
  readonly toTeamId: TeamId;
  readonly offeredBy: UserId;
  readonly offeredAt: number;
  readonly note: string;
  /** Mandatory for `back`, `skip` and `detour`; null for `seam`. `reasonId` is null where the reason is free words. */
  readonly reason: Reason | null;
  /** From the third bounce on: only a lead of the receiving team may accept. */
  readonly needsLead: boolean;
  /** The return after which it is offered again; left out: there was none. */
  readonly after?: Return;
}

export interface Reason {
  readonly reasonId: ReasonId | null;
  readonly note: string;
  /** Facts that were named as missing or wrong. */
  readonly missing: readonly FieldKey[];
}

export interface Return {
  readonly handoffId: HandoffId;
  readonly route: Route;
  readonly byTeamId: TeamId;
  readonly by: UserId;
  readonly at: number;
  readonly reason: Reason;
}

/** Whom or what a typed pause waits for. */
export type WaitingOn = 'customer' | 'supplier' | 'person' | 'team' | 'date' | 'other';

export interface Waiting {
  readonly on: WaitingOn;
  /** In words: whom, and for what. */
  readonly what: string;
  readonly since: number;
  /** When it is expected to end, as `YYYY-MM-DD`; null: unknown. */
  readonly until: string | null;
  readonly by: UserId;
}

export type RelationKind = 'blocks' | 'blockedBy' | 'relatesTo' | 'duplicates' | 'duplicatedBy';

export interface Relation {
  readonly kind: RelationKind;
  readonly itemId: ItemId;
  /** Of the other item, which may have left the board document long ago. */
  readonly key: string;
}

export interface ChecklistCount {
  readonly done: number;
  readonly total: number;
}

/** The last of so many reminders. */
export interface Nudge {
  readonly by: UserId;
  readonly at: number;
  readonly count: number;
}

export interface Closing {
  readonly kind: 'completed' | 'cancelled';
  readonly at: number;
  readonly by: UserId;
  readonly reason: string;
}

export interface TrailEntry {
  readonly stepId: StepId;
  readonly teamId: TeamId;
  /** How it left that step. */
  readonly route: Route;
  readonly heldSince: number;
  readonly leftAt: number;
}

/** What became of a command: the `seq` it was accepted at, or refused. */
export type Verdict = { readonly accepted: true; readonly seq: number } | { readonly accepted: false };

/**
 * All that `decide` reads: one board as of `seq`. `evolve` is the only function that changes it. Lookups are O(1).
 * `forkBoard` gives a state that reads through to this one and keeps its own changes, so that a batch can be tried, or
 * an outbox projected, at a cost that depends on the commands and not on the size of the board.
 */
export interface BoardState {
  readonly boardId: BoardId;
  seq: number;
  /** The number the next item gets. */
  nextNumber: number;
  readonly teams: ReadonlyMap<TeamId, Team>;
  /** By `workflowKey(id, version)`. */
  readonly workflows: ReadonlyMap<string, WorkflowVersion>;
  readonly members: Lookup<UserId, Member>;
  /** Open items, those closed lately, and any other item that was loaded because a command names it. */
  readonly items: Lookup<ItemId, Item>;
  /** How many open items each team holds, for its limit. */
  readonly heldCounts: Lookup<TeamId, number>;
  /** Verdicts of the commands that others may depend on by `basis: {after}`. */
  readonly verdicts: Lookup<CommandId, Verdict>;
}

/** The part of a Map that state needs; `Map` is one, a fork is the other. */
export interface Lookup<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  has(key: Key): boolean;
}

/** Who asks. Roles are read from the state, so that a replay decides as it was decided then. */
export interface Actor {
  readonly userId: UserId;
}

export function workflowKey(id: WorkflowId, version: number): string {
  return `${id}@${version}`;
}
