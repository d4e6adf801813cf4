import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { Entry } from '#lib/workflow/events.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
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

/** Whether a transition changed any of these items; one that links two stands under the first, and names the other. */
export function changesAnyOf(itemIds: readonly ItemId[]): RawBuilder<boolean> {
  // One parameter, whatever their number.
  const ids = sql`cast(${`{${itemIds.join(',')}}`} as text)`;
  return sql`(
    transition.item_id = any(cast(${ids} as uuid[]))
    or transition.events -> 0 ->> 'otherId' = any(cast(${ids} as text[]))
  )`;
}

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
