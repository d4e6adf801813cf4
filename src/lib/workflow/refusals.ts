import type { CommandId, FieldKey, HandoffId, SeamId, StepId, TeamId, UserId } from './ids.ts';
import type { RelationKind, ResponsibilityEventType, Role } from './state.ts';

/** The server's "no", with its reason as data. A closed union: the words for people live in the UI. */
export type Refusal =
  /** The actor has no part in this board that may change anything; answers the same whether the item exists or not. */
  | { readonly code: 'notAllowed' }
  /** Only this team (from this role on) may do that. */
  | { readonly code: 'notYourTeam'; readonly teamId: TeamId; readonly role: Role }
  | { readonly code: 'noSuchItem' }
  | { readonly code: 'itemExists' }
  | { readonly code: 'noSuchWorkflow' }
  | { readonly code: 'noSuchStep' }
  /** That seam does not start where the item is. */
  | { readonly code: 'noSuchSeam'; readonly seamId: SeamId; readonly stepId: StepId }
  /** A deviation to where a seam leads: offer over the seam instead. */
  | { readonly code: 'seamExists'; readonly seamId: SeamId }
  | { readonly code: 'gateIncomplete'; readonly missing: readonly FieldKey[] }
  | { readonly code: 'factsInvalid'; readonly faults: readonly FactFault[] }
  /** Somebody has acted since: who, when, what. */
  | {
      readonly code: 'itemMovedOn';
      readonly by: UserId;
      readonly at: number;
      readonly event: ResponsibilityEventType;
    }
  /** The command it was issued on top of was refused, or never arrived. */
  | { readonly code: 'dependsOnRefused'; readonly commandId: CommandId }
  | { readonly code: 'itemClosed' }
  | { readonly code: 'itemNotClosed' }
  | { readonly code: 'handoffOpen'; readonly handoffId: HandoffId; readonly toTeamId: TeamId }
  | { readonly code: 'noOpenHandoff' }
  | { readonly code: 'alreadyWaiting' }
  | { readonly code: 'notWaiting' }
  /** The day that is waited for is over, or more than so many days ahead. */
  | { readonly code: 'dayOutOfReach'; readonly daysMax: number }
  /** Somebody has nudged a moment ago; `againAt` is when it may be done again. */
  | { readonly code: 'nudgedLately'; readonly by: UserId; readonly at: number; readonly againAt: number }
  | { readonly code: 'alreadyOwner' }
  | { readonly code: 'ownerNotInTeam'; readonly teamId: TeamId }
  | { readonly code: 'reasonRequired' }
  | { readonly code: 'noSuchReason' }
  /** The seam asks whoever accepts what they do next. */
  | { readonly code: 'readBackRequired' }
  | { readonly code: 'laneFull'; readonly teamId: TeamId; readonly limit: number; readonly count: number }
  | { readonly code: 'notFinalStep'; readonly stepId: StepId }
  | { readonly code: 'nothingToSendBack' }
  | { readonly code: 'bounceNeedsLead'; readonly teamId: TeamId; readonly bounces: number }
  | { readonly code: 'relatedToItself' }
  /** The relation they have, from the item's view: that one has to go first. */
  | {
      readonly code: 'alreadyRelated';
      readonly kind: RelationKind;
      readonly key: string;
      readonly otherKey: string;
    }
  | { readonly code: 'notRelated' }
  | { readonly code: 'relationsFull'; readonly key: string; readonly limit: number }
  /** Each of these open items blocks the next one already, so the last cannot block the first. */
  | { readonly code: 'blocksInCircle'; readonly keys: readonly string[] }
  /** The command does not have its documented shape: `path` names the place. Not logged. */
  | { readonly code: 'malformed'; readonly path: string }
  /** The same command id was used before with another content. Not logged. */
  | { readonly code: 'idReused' };

export type RefusalCode = Refusal['code'];

export interface FactFault {
  readonly field: FieldKey;
  readonly problem: FactProblem;
}
export type FactProblem =
  'unknownField' | 'wrongType' | 'tooLong' | 'notAChoice' | 'notADate' | 'notALink' | 'notAPerson' | 'empty';
