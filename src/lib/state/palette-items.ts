import type { Item, Member } from '#lib/workflow/state.ts';
import { isOwnTeam } from './move-groups.ts';

interface PaletteItem {
  readonly isMine: boolean;
  readonly item: Pick<Item, 'closed' | 'handoff' | 'holderTeamId' | 'responsibility'>;
}

/**
 * What is looked for before anything is typed: one's own first, then what the own teams hold or are offered, then the
 * rest of what is open; in each what moved last.
 */
export function likeliestFirst<One extends PaletteItem>(
  cards: Iterable<One>,
  member: Member | undefined,
): readonly One[] {
  const ranked = Array.from(cards, (card) => ({ card, rank: rankOf(card, member) }));
  ranked.sort((a, b) => a.rank - b.rank || movedAt(b.card) - movedAt(a.card));
  return ranked.map(({ card }) => card);
}

function rankOf({ isMine, item }: PaletteItem, member: Member | undefined): number {
  if (item.closed !== null) return 3;
  if (isMine) return 0;
  const teamIds = [item.holderTeamId, ...(item.handoff === null ? [] : [item.handoff.toTeamId])];
  return member && teamIds.some((teamId) => isOwnTeam(member, teamId)) ? 1 : 2;
}

function movedAt({ item }: PaletteItem): number {
  return item.responsibility.at;
}
