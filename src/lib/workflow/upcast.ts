import { EVENT_FORMAT, type Entry, type Event } from './events.ts';

/** The events of an entry in today's shapes, whatever format it was written in. */
export function upcast(entry: Entry): readonly Event[] {
  if (entry.format === EVENT_FORMAT) return entry.events;
  throw new Error(
    `Entry ${entry.seq} is of format ${entry.format}; this version reads up to ${EVENT_FORMAT}.`,
  );
}
