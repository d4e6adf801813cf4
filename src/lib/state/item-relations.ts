import { hasRole } from '#lib/workflow/permissions.ts';
import { relationsOf } from '#lib/workflow/relations.ts';
import type { Item, Member, Relation } from '#lib/workflow/state.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { BoardCards } from './board-cards.svelte.ts';

/** A relation with the item at its other end; null: it was closed so long ago that the board does not hold it. */
export interface Related {
  readonly relation: Relation;
  readonly card: BoardCard | null;
}

export function relatedTo(item: Item, cards: BoardCards): readonly Related[] {
  return relationsOf(item).map((relation) => ({ relation, card: cards.byId.get(relation.itemId) ?? null }));
}

/** As the rules have it: a member of either team. Of an item that the board does not hold nobody here knows the team. */
export function mayRelate(member: Member | undefined, item: Item, other: Item | undefined): boolean {
  return [item, other].some((end) => end !== undefined && hasRole(member, end.holderTeamId, 'member'));
}

/** Keys of the open items that keep this one waiting. What has left the board is closed. */
export function blockersOf(item: Item, cards: BoardCards): readonly string[] {
  if (item.closed !== null) return [];
  return relatedTo(item, cards)
    .filter(
      ({ relation, card }) => relation.kind === 'blockedBy' && card !== null && card.item.closed === null,
    )
    .map(({ relation }) => relation.key);
}
