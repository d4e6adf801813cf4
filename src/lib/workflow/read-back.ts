import type { WorkflowVersion } from './definition.ts';
import type { Entry } from './events.ts';
import { seamsOfRoute } from './graph.ts';
import type { UserId } from './ids.ts';
import type { Handoff } from './state.ts';
import { upcast } from './upcast.ts';

/**
 * Whether whoever accepts says what they do next: as the seam that leads into the step asks. What comes back to a team
 * is known there, and off the path there is no seam to ask.
 */
export function asksReadBack(workflow: WorkflowVersion, { route }: Pick<Handoff, 'route'>): boolean {
  if (route.kind === 'back') return false;
  return seamsOfRoute(workflow, route).at(-1)?.asksReadBack ?? false;
}

export interface ReadBack {
  readonly by: UserId;
  readonly text: string;
}

/** What was said at the last acceptance in the log of an item, and by whom; null: nothing. */
export function readBackIn(entries: readonly Entry[]): ReadBack | null {
  for (const entry of entries.toReversed()) {
    const accepted = upcast(entry).findLast((event) => event.type === 'handoffAccepted');
    if (accepted?.readBack !== undefined) return { by: entry.actorId, text: accepted.readBack };
    if (accepted) return null;
  }
  return null;
}
