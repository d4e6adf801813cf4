import type { CardAction } from './board-actions.ts';
import type { NoWay } from '#lib/workflow/legal-moves.ts';
import type { Item, Relation } from '#lib/workflow/state.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { TeamId, UserId } from '#lib/workflow/ids.ts';

/** `choice`: there are several ways. `reason`, `readBack`: asked for words. `notFor`: not for this one. */
export type LeftOut = 'choice' | 'reason' | 'readBack' | 'notFor';

/**
 * What has just happened on this screen, as data: read out by the live region and shown as a passing note. The words
 * are made in the UI.
 */
export type BoardNews =
  | { readonly kind: 'created'; readonly title: string; readonly teamId: TeamId }
  | {
      readonly kind: 'offered';
      readonly item: Item;
      readonly toTeamId: TeamId;
      readonly isAutomatic: boolean;
    }
  | { readonly kind: 'sentBack'; readonly item: Item; readonly toTeamId: TeamId }
  | { readonly kind: 'moved'; readonly item: Item; readonly position: number; readonly of: number }
  | { readonly kind: 'assigned'; readonly item: Item; readonly ownerId: UserId | null }
  | {
      readonly kind: 'done';
      readonly item: Item;
      readonly action: Exclude<CardAction, 'assign' | 'sendBack'>;
    }
  | { readonly kind: 'linked' | 'unlinked'; readonly item: Item; readonly relation: Relation }
  /** The rules on this screen already say no, so nothing was sent. */
  | { readonly kind: 'notPossible'; readonly item: Item | null; readonly refusal: Refusal | NoWay }
  /** The server said no to something that had been shown as pending. */
  | { readonly kind: 'refused'; readonly item: Item | null; readonly refusal: Refusal }
  /** Not done with the others: it can't be, or has to be asked something first. */
  | { readonly kind: 'leftOut'; readonly item: Item; readonly why: LeftOut }
  /** What was done with several at once, and what became of each. */
  | { readonly kind: 'several'; readonly all: readonly BoardNews[] }
  /** The browser could not keep the command: nothing happened. */
  | { readonly kind: 'notKept' };

/** A passing note: its number tells two equal ones apart. `undo` is the compensating act, while it makes sense. */
export interface BoardNote {
  readonly number: number;
  readonly news: BoardNews;
  readonly undo: (() => void) | null;
}
