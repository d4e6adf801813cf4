import type { BoardGround } from '#lib/state/board-ground.svelte.ts';
import type { PastSpan } from '#lib/state/past-span.svelte.ts';
import type { Item } from '#lib/workflow/state.ts';
import { namesFrom, type Names } from '../words/names.ts';

/** With names in full, for the reader as well: what stands here is printed, and sent to others. */
export function reportNames(ground: BoardGround, past: PastSpan | null, item: Item): Names {
  const gone = past?.people ?? {};
  return namesFrom({
    me: null,
    people: { get: (id) => ground.people.get(id) ?? named(gone[id]) },
    teams: ground.teams,
    workflow: ground.knowsWorkflowOf(item) ? ground.workflowOf(item) : null,
  });
}

function named(name: string | undefined): { name: string } | undefined {
  return name === undefined ? undefined : { name };
}
