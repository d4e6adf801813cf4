import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { BoardGround } from '#lib/state/board-ground.svelte.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { namesFrom, SOMEBODY_GONE, type Names } from './names.ts';

export function boardNames(ground: BoardGround, workflow: WorkflowVersion | null): Names {
  return namesFrom({ me: ground.userId, people: ground.people, teams: ground.teams, workflow });
}

/** The name of whose it is; null: nobody's. */
export function ownerWords(card: BoardCard): string | null {
  return card.item.ownerId === null ? null : (card.ownerName ?? SOMEBODY_GONE);
}
