import type { Kysely, Transaction } from 'kysely';
import type { Entry, Event } from '#lib/workflow/events.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import { CommandLog } from '../persistence/command-log.ts';
import { claimCursor, moveCursor } from '../persistence/log-cursor.ts';
import { readMembers } from '../persistence/members.ts';
import { readItems } from '../persistence/missed-entries.ts';
import {
  forgetPeople,
  publishBells,
  withdrawMoot,
  writeNotifications,
  type NewNotification,
} from '../persistence/notification-store.ts';
import type { Schema } from '../persistence/schema.ts';
import { forgetWatchers, readItemWatchers } from '../persistence/watcher-store.ts';
import { Audience } from './audience.ts';
import { newsOfEntries } from './news.ts';
import { whoHandedOn } from './who-handed-on.ts';

/** The most entries of one step, so that a long log is caught up with in short transactions. */
const ENTRIES_PER_STEP_MAX = 500;
/** Most of what is written: it neither is news nor makes any moot. */
const SILENT: ReadonlySet<Event['type']> = new Set([
  'itemCreated',
  'itemOrdered',
  'commentAdded',
  'factsRecorded',
  'checklistCounted',
  'itemsLinked',
  'itemsUnlinked',
  'memberSet',
]);

/**
 * Tells people what the log of a board says after the last look, away from the commit. What is told and how far was
 * read are one transaction: after a crash it is told then, and once. Of several nodes one reads on; the others leave it.
 */
export async function followLog(db: Kysely<Schema>, boardId: BoardId): Promise<void> {
  for (;;) {
    const read = await db.transaction().execute((trx) => step(trx, boardId));
    if (read < ENTRIES_PER_STEP_MAX) return;
  }
}

/** Gives how many entries were read. */
async function step(trx: Transaction<Schema>, boardId: BoardId): Promise<number> {
  const seq = await claimCursor(trx, { reader: 'bell', boardId, ifTaken: 'skip' });
  if (seq === null) return 0;
  const entries = await new CommandLog(trx).readAfter(boardId, seq, ENTRIES_PER_STEP_MAX);
  const last = entries.at(-1);
  if (last === undefined) return 0;
  await tell(trx, boardId, entries);
  await moveCursor(trx, { reader: 'bell', boardId, seq: last.seq });
  return entries.length;
}

async function tell(trx: Transaction<Schema>, boardId: BoardId, entries: readonly Entry[]): Promise<void> {
  const { members } = await readMembers(trx, boardId);
  const audience = new Audience(members);
  const changed = entries.flatMap(({ events }) => events.filter((event) => event.type === 'memberSet'));
  const gone = [...new Set(changed.map(({ userId }) => userId))].filter((userId) => !audience.has(userId));
  await forgetPeople(trx, boardId, gone);
  await forgetWatchers(trx, boardId, gone);

  const telling = entriesByItem(entries);
  const itemIds = [...telling.keys()];
  const { items } = await readItems(trx, boardId, itemIds);
  const watchers = await readItemWatchers(trx, itemIds);
  const relieved = await withdrawMoot(trx, itemIds);
  const news: NewNotification[] = [];
  for (const item of items) {
    const own = telling.get(item.id) ?? [];
    const handedOnBy = await whoHandedOn(trx, item, own);
    const ofItem = { item, entries: own, audience, handedOnBy, watchers: watchers.get(item.id) ?? [] };
    for (const each of newsOfEntries(ofItem))
      news.push({ ...each, itemId: item.id, seq: item.responsibility.seq });
  }
  const told = await writeNotifications(trx, boardId, news);
  await publishBells(trx, boardId, [...relieved, ...told]);
}

function entriesByItem(entries: readonly Entry[]): Map<ItemId, Entry[]> {
  const byItem = new Map<ItemId, Entry[]>();
  for (const entry of entries) {
    const event = entry.events.find(({ type }) => !SILENT.has(type));
    if (event === undefined || !('itemId' in event)) continue;
    byItem.set(event.itemId, [...(byItem.get(event.itemId) ?? []), entry]);
  }
  return byItem;
}
