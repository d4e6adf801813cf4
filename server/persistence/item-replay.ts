import { sql, type Kysely } from 'kysely';
import { emptyBoard } from '#lib/workflow/board-state.ts';
import type { Event } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';
import { changesAnyOf, ENTRY_COLUMNS, entryOfRow } from './entry-rows.ts';
import type { Schema } from './schema.ts';

/** Entries read at once: what is in memory, and how long the event loop is kept, depend on this alone. */
const PAGE_ENTRIES = 1_000;

/** An item counts its comments and holds none of their texts, which could be most of what is read. */
const eventsForItems = sql<readonly Event[]>`
  case transition.events -> 0 ->> 'type'
    when 'commentAdded' then jsonb_set(transition.events, '{0,text}', '""')
    else transition.events
  end
`;

/**
 * The rows of these items as they were after this entry of their board, made again from their own log; without those
 * that did not exist yet. Costs as much as has happened to them, however long the board's log is.
 */
export async function replayItems(
  db: Kysely<Schema>,
  { boardId, seq, itemIds }: { boardId: BoardId; seq: number; itemIds: readonly ItemId[] },
): Promise<Item[]> {
  if (itemIds.length === 0) return [];
  const scratch = emptyBoard({ boardId, teams: [], workflows: [] });
  let doneSeq = 0;
  for (;;) {
    const rows = await db
      .selectFrom('transition')
      .select(ENTRY_COLUMNS.filter((column) => column !== 'transition.events'))
      .select(eventsForItems.as('events'))
      .where(changesAnyOf(itemIds))
      .where('seq', '>', doneSeq)
      .where('seq', '<=', seq)
      .orderBy('seq')
      .limit(PAGE_ENTRIES)
      .execute();
    for (const entry of rows.map(entryOfRow)) {
      // Only these items are made again; what lies between belongs to others.
      scratch.seq = entry.seq - 1;
      evolve(scratch, entry);
    }
    doneSeq = scratch.seq;
    if (rows.length < PAGE_ENTRIES) break;
  }
  return itemIds.map((itemId) => scratch.items.get(itemId)).filter((item) => item !== undefined);
}
