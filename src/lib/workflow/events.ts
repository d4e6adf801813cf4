import type { Facts, FactValue } from './definition.ts';
import type { CommandId, CommentId, HandoffId, ItemId, StepId, TeamId, UserId, WorkflowId } from './ids.ts';
import type { ChecklistCount, Reason, RelationKind, Role, Route, WaitingOn } from './state.ts';

/**
 * What happened, in the past tense. These shapes are for ever: the log holds them, `evolve` reads every format that was
 * ever written. They hold ids and never names; who and when stand once, in the entry.
 */
export type Event =
  | {
      readonly type: 'itemCreated';
      readonly itemId: ItemId;
      readonly number: number;
      readonly key: string;
      readonly workflowId: WorkflowId;
      readonly workflowVersion: number;
      readonly stepId: StepId;
      readonly teamId: TeamId;
      readonly facts: Facts;
      readonly order: string;
    }
  | { readonly type: 'itemClaimed'; readonly itemId: ItemId; readonly ownerId: UserId }
  | { readonly type: 'ownerAssigned'; readonly itemId: ItemId; readonly ownerId: UserId | null }
  /** `facts` is what was handed over: frozen here whatever is edited later. The item keeps newer values it already has. */
  | {
      readonly type: 'handoffOffered';
      readonly itemId: ItemId;
      readonly handoffId: HandoffId;
      readonly route: Route;
      readonly fromStepId: StepId;
      readonly toStepId: StepId;
      readonly fromTeamId: TeamId;
      readonly toTeamId: TeamId;
      readonly facts: Facts;
      readonly note: string;
      readonly reason: Reason | null;
      readonly needsLead: boolean;
    }
  /** Step, holder, owner and order change together, here and nowhere else. `ownerId` is null on an automatic seam. */
  | {
      readonly type: 'handoffAccepted';
      readonly itemId: ItemId;
      readonly handoffId: HandoffId;
      readonly stepId: StepId;
      readonly teamId: TeamId;
      readonly ownerId: UserId | null;
      readonly order: string;
      readonly isAutomatic: boolean;
      /** What the receiver said they do next; left out: nothing. */
      readonly readBack?: string;
    }
  | {
      readonly type: 'handoffReturned';
      readonly itemId: ItemId;
      readonly handoffId: HandoffId;
      readonly reason: Reason;
    }
  | { readonly type: 'handoffWithdrawn'; readonly itemId: ItemId; readonly handoffId: HandoffId }
  | { readonly type: 'itemNudged'; readonly itemId: ItemId }
  | {
      readonly type: 'waitingStarted';
      readonly itemId: ItemId;
      readonly on: WaitingOn;
      readonly what: string;
      readonly until: string | null;
    }
  | { readonly type: 'workResumed'; readonly itemId: ItemId }
  | { readonly type: 'itemCompleted'; readonly itemId: ItemId }
  | { readonly type: 'itemCancelled'; readonly itemId: ItemId; readonly reason: string }
  | { readonly type: 'itemReopened'; readonly itemId: ItemId; readonly reason: string }
  | { readonly type: 'itemOrdered'; readonly itemId: ItemId; readonly order: string }
  | {
      readonly type: 'commentAdded';
      readonly itemId: ItemId;
      readonly commentId: CommentId;
      readonly text: string;
    }
  | {
      readonly type: 'factsRecorded';
      readonly itemId: ItemId;
      readonly facts: Readonly<Record<string, FactValue | null>>;
    }
  /** Both items change. Their keys stand here because the replay of one item alone does not have the other one. */
  | {
      readonly type: 'itemsLinked';
      readonly itemId: ItemId;
      readonly key: string;
      readonly kind: RelationKind;
      readonly otherId: ItemId;
      readonly otherKey: string;
    }
  | {
      readonly type: 'itemsUnlinked';
      readonly itemId: ItemId;
      readonly key: string;
      readonly otherId: ItemId;
      readonly otherKey: string;
    }
  /**
   * Only how much is done: what stands on the list is in the item document. Ticks of one moment are one of these, because
   * the log answers who moved the work on and not who pressed what.
   */
  | { readonly type: 'checklistCounted'; readonly itemId: ItemId; readonly checklist: ChecklistCount }
  | {
      readonly type: 'memberSet';
      readonly userId: UserId;
      readonly isAdmin: boolean;
      readonly roles: Readonly<Record<string, Role>>;
    };

/** The format that new entries are written in. Older ones are read through `upcast`. 2: checklists are counted, items linked. */
export const EVENT_FORMAT = 2;

/** Moves with every change of what `decide` allows. A browser of another version queues and does not project. */
export const RULES_VERSION = 4;

/** The items that an event changes. */
export function itemIdsOf(event: Event): readonly ItemId[] {
  if (event.type === 'memberSet') return [];
  return 'otherId' in event ? [event.itemId, event.otherId] : [event.itemId];
}

/** One accepted command in the log of a board. */
export interface Entry {
  /** Gap-free per board, from 1. */
  readonly seq: number;
  readonly commandId: CommandId;
  readonly actorId: UserId;
  /** Milliseconds since 1970; never falls from one entry to the next. */
  readonly at: number;
  readonly rulesVersion: number;
  readonly format: number;
  readonly events: readonly Event[];
}
