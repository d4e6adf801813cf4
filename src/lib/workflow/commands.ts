import type { Facts, FactValue } from './definition.ts';
import type {
  CommandId,
  CommentId,
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
import type { ChecklistCount, RelationKind, Role, WaitingOn } from './state.ts';

/**
 * What the person saw when asking. `seq`: the item's `responsibility.seq` on the screen (0 for an item that is being
 * created). `after`: issued on top of an own command that has no verdict yet.
 */
export type Basis = { readonly seq: number } | { readonly after: CommandId };

interface CommandBase {
  /** A UUID made by the client: the key of "decided once". */
  readonly id: CommandId;
  readonly basis: Basis;
  readonly itemId: ItemId;
}

export type Command =
  | CreateItem
  | ClaimItem
  | AssignOwner
  | OfferHandoff
  | OfferDeviation
  | AcceptHandoff
  | ReturnHandoff
  | WithdrawHandoff
  | SendBack
  | NudgeItem
  | StartWaiting
  | ResumeWork
  | CompleteItem
  | CancelItem
  | ReopenItem
  | OrderItem
  | AddComment
  | LinkItems
  | UnlinkItems;

/** A new item in the start step of its workflow, held by that step's team, unclaimed. */
export interface CreateItem extends CommandBase {
  readonly type: 'createItem';
  readonly workflowId: WorkflowId;
  readonly workflowVersion: number;
  /** Has a `title`. */
  readonly facts: Facts;
  readonly order: string;
}
export interface ClaimItem extends CommandBase {
  readonly type: 'claimItem';
}
export interface AssignOwner extends CommandBase {
  readonly type: 'assignOwner';
  readonly ownerId: UserId | null;
}
/** Offers the item over a seam, with the facts the sender saw: those are checked by the gate and frozen in the log. */
export interface OfferHandoff extends CommandBase {
  readonly type: 'offerHandoff';
  readonly handoffId: HandoffId;
  readonly seamId: SeamId;
  readonly facts: Facts;
  readonly note: string;
}
/**
 * Offers the item to a step that no seam leads to from here. A skip where the workflow leads there by several seams
 * (all their needs apply), else a detour. Needs a lead and a reason.
 */
export interface OfferDeviation extends CommandBase {
  readonly type: 'offerDeviation';
  readonly handoffId: HandoffId;
  readonly toStepId: StepId;
  readonly facts: Facts;
  readonly reason: string;
}
/** The actor becomes the owner. */
export interface AcceptHandoff extends CommandBase {
  readonly type: 'acceptHandoff';
  readonly handoffId: HandoffId;
  readonly order: string;
  /** What the receiver does next, in one line; asked for by some seams, welcome on all. */
  readonly readBack?: string;
}
export interface ReturnHandoff extends CommandBase {
  readonly type: 'returnHandoff';
  readonly handoffId: HandoffId;
  /** From the seam's list; null only where the route has none, and then `note` is the reason. */
  readonly reasonId: ReasonId | null;
  readonly note: string;
  readonly missing: readonly FieldKey[];
}
export interface WithdrawHandoff extends CommandBase {
  readonly type: 'withdrawHandoff';
  readonly handoffId: HandoffId;
}
/** A fault found after acceptance: an ordinary handoff over the seam it came by, the other way, with a reason. */
export interface SendBack extends CommandBase {
  readonly type: 'sendBack';
  readonly handoffId: HandoffId;
  readonly reasonId: ReasonId | null;
  readonly note: string;
  readonly missing: readonly FieldKey[];
}
/** Reminds whoever moves next that somebody waits. On record, and not more often than `NUDGE_EVERY_MS`. */
export interface NudgeItem extends CommandBase {
  readonly type: 'nudgeItem';
}
export interface StartWaiting extends CommandBase {
  readonly type: 'startWaiting';
  readonly on: WaitingOn;
  readonly what: string;
  /** `YYYY-MM-DD`, or null. */
  readonly until: string | null;
}
export interface ResumeWork extends CommandBase {
  readonly type: 'resumeWork';
}
export interface CompleteItem extends CommandBase {
  readonly type: 'completeItem';
}
export interface CancelItem extends CommandBase {
  readonly type: 'cancelItem';
  readonly reason: string;
}
export interface ReopenItem extends CommandBase {
  readonly type: 'reopenItem';
  readonly reason: string;
}
/** `order` is a fractional index made by `orderBetween`. Never moves an item between lanes. */
export interface OrderItem extends CommandBase {
  readonly type: 'orderItem';
  readonly order: string;
}
export interface AddComment extends CommandBase {
  readonly type: 'addComment';
  readonly commentId: CommentId;
  readonly text: string;
}

/** `kind` as seen from `itemId`: it blocks the other one, or is blocked by it. Two items have one relation at most. */
export interface LinkItems extends CommandBase {
  readonly type: 'linkItems';
  readonly otherId: ItemId;
  readonly kind: RelationKind;
}
export interface UnlinkItems extends CommandBase {
  readonly type: 'unlinkItems';
  readonly otherId: ItemId;
}

/** Commands that only the server issues, in the name of the person who caused them; never accepted from a wire. */
export type ServerCommand =
  /**
   * The facts of the item document as they are now; null: removed. Only valid values arrive here. `checklist`: how much
   * of it is done, where that is other than the item says.
   */
  | {
      readonly type: 'recordFacts';
      readonly id: CommandId;
      readonly itemId: ItemId;
      readonly facts: Readonly<Record<string, FactValue | null>>;
      readonly checklist?: ChecklistCount;
    }
  /** One role of one person in one team; null: none any more. `keepsStronger`: a stronger role that is there stays. */
  | {
      readonly type: 'setRole';
      readonly id: CommandId;
      readonly userId: UserId;
      readonly teamId: TeamId;
      readonly role: Role | null;
      readonly keepsStronger: boolean;
    }
  /** The whole membership of one person on this board; no roles and not admin: removed. */
  | {
      readonly type: 'setMember';
      readonly id: CommandId;
      readonly userId: UserId;
      readonly isAdmin: boolean;
      readonly roles: Readonly<Record<TeamId, Role>>;
    };

export type AnyCommand = Command | ServerCommand;
