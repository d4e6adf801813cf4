import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { BoardGround } from '#lib/state/board-ground.svelte.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { namesFrom, SOMEBODY_GONE, type Names } from './names.ts';

export function boardNames(ground: BoardGround, workflow: WorkflowVersion | null): Names {
  const { userId: me, people, member, teams } = ground;
  return namesFrom({ me, people, member, teams, workflow });
}

/** The name of whose it is; null: nobody's. */
export function ownerWords(card: BoardCard): string | null {
  return card.item.ownerId === null ? null : (card.ownerName ?? SOMEBODY_GONE);
}
