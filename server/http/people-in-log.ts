import type { Entry } from '#lib/workflow/events.ts';
import type { UserId } from '#lib/workflow/ids.ts';

/** Everybody the entries name, each once: who acted, and whom an item was given to. */
export function peopleIn(entries: readonly Entry[]): UserId[] {
  const people = new Set<UserId>();
  for (const { actorId, events } of entries) {
    people.add(actorId);
    for (const event of events) {
      if ('ownerId' in event && event.ownerId !== null) people.add(event.ownerId);
    }
  }
  return [...people];
}
