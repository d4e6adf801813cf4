import { sql, type Transaction } from 'kysely';
import type { Entry } from '#lib/workflow/events.ts';
import type { TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';
import type { Schema } from '../persistence/schema.ts';

/**
 * By the seq of each entry that brings the item back: who of the team it comes back to had handed it on last. They know
 * it, and nobody owns it there any more.
 */
export async function whoHandedOn(
  trx: Transaction<Schema>,
  item: Item,
  entries: readonly Entry[],
): Promise<Map<number, UserId>> {
  const people = new Map<number, UserId>();
  for (const entry of entries) {
    const teamId = backTo(item, entry);
    if (teamId === null) continue;
    const row = await trx
      .selectFrom('transition')
      .select('actor_id')
      .where('item_id', '=', item.id)
      .where('seq', '<', entry.seq)
      .where(
        sql<boolean>`events @> ${JSON.stringify([{ type: 'handoffOffered', fromTeamId: teamId }])}::jsonb`,
      )
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) people.set(entry.seq, row.actor_id);
  }
  return people;
}

/** The team that gets it back; null: it does not come back by this entry. */
function backTo(item: Item, { events }: Entry): TeamId | null {
  for (const event of events) {
    if (event.type === 'handoffReturned') return item.holderTeamId;
    if (event.type === 'handoffOffered' && event.route.kind === 'back') return event.toTeamId;
  }
  return null;
}
