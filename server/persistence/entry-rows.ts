import type { Selectable } from 'kysely';
import type { Entry } from '#lib/workflow/events.ts';
import type { TransitionTable } from './schema.ts';

/** What is read of a transition to make an entry of it. */
export const ENTRY_COLUMNS = [
  'transition.seq',
  'transition.command_id',
  'transition.actor_id',
  'transition.at',
  'transition.rules_version',
  'transition.format',
  'transition.events',
] as const;

type EntryColumn = 'seq' | 'command_id' | 'actor_id' | 'at' | 'rules_version' | 'format' | 'events';

export function entryOfRow(row: Pick<Selectable<TransitionTable>, EntryColumn>): Entry {
  return {
    seq: row.seq,
    commandId: row.command_id,
    actorId: row.actor_id,
    at: row.at.getTime(),
    rulesVersion: row.rules_version,
    format: row.format,
    events: row.events,
  };
}
