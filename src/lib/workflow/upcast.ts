import { EVENT_FORMAT, type Entry, type Event } from './events.ts';

/** The events of an entry in today's shapes, whatever format it was written in. */
export function upcast(entry: Entry): readonly Event[] {
  // Format 2 has more events than 1; those of 1 are as they were.
  if (entry.format === 1 || entry.format === EVENT_FORMAT) return entry.events;
  throw new Error(
    `Entry ${entry.seq} is of format ${entry.format}; this version reads up to ${EVENT_FORMAT}.`,
  );
}
