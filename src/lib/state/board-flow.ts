import type { ItemId, StepId, TeamId } from '#lib/workflow/ids.ts';

/** The one dialog that is open over the board. Menu, drag, keyboard and the item page all lead through the same ones. */
export type BoardFlow =
  | { readonly kind: 'none' }
  /** Finds items, boards and what can be done; with the card it was opened on, if any. */
  | { readonly kind: 'palette'; readonly onItemId: ItemId | null }
  | { readonly kind: 'keyHelp' }
  | { readonly kind: 'bell' }
  /** Every way on from here, legal or not, and what else can be done with the item. */
  | { readonly kind: 'move'; readonly itemId: ItemId }
  /** The handoff sheet. `toStepIds`: the choice left to the person; one: nothing to choose. */
  | { readonly kind: 'handoff'; readonly itemId: ItemId; readonly toStepIds: readonly StepId[] }
  /** The seam asks what the receiver does next. `order`: where it was dropped. */
  | { readonly kind: 'accept'; readonly itemId: ItemId; readonly order: string | undefined }
  | { readonly kind: 'return'; readonly itemId: ItemId }
  | { readonly kind: 'sendBack'; readonly itemId: ItemId }
  | { readonly kind: 'wait'; readonly itemId: ItemId }
  | { readonly kind: 'assign'; readonly itemId: ItemId }
  | { readonly kind: 'cancel'; readonly itemId: ItemId }
  | { readonly kind: 'reopen'; readonly itemId: ItemId }
  | { readonly kind: 'create'; readonly teamId: TeamId | null };
