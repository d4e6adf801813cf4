import type { Kysely, Transaction } from 'kysely';
import type { Entry, Event } from '#lib/workflow/events.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import { forgetClosedLooks, lookAgain } from '../persistence/limit-looks.ts';
import { claimCursor, moveCursor, readOn } from '../persistence/log-cursor.ts';
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
import { mayBeNews, newsOfEntries } from './news.ts';
import { whoHandedOn } from './who-handed-on.ts';

/** The most entries of one step, so that a long log is caught up with in short transactions. */
const ENTRIES_PER_STEP_MAX = 500;
/**
 * What the bell makes of an event. *heard*: is news, makes something moot, or takes somebody off the board; *moves*: ends
 * the clock that ran as well, unlike a new owner or a pause.
 */
const HOW_HEARD: Readonly<Record<Event['type'], 'not' | 'heard' | 'moves'>> = {
  itemCreated: 'not',
  itemClaimed: 'heard',
  ownerAssigned: 'heard',
  handoffOffered: 'moves',
  handoffAccepted: 'moves',
  handoffReturned: 'moves',
  handoffWithdrawn: 'moves',
  itemNudged: 'heard',
  waitingStarted: 'heard',
  workResumed: 'heard',
  itemCompleted: 'moves',
  itemCancelled: 'moves',
  itemReopened: 'moves',
  itemOrdered: 'not',
  commentAdded: 'not',
  factsRecorded: 'not',
  itemsLinked: 'not',
  itemsUnlinked: 'not',
  checklistCounted: 'not',
  memberSet: 'heard',
};
const HEARD = (Object.keys(HOW_HEARD) as Event['type'][]).filter((type) => HOW_HEARD[type] !== 'not');

/**
 * Tells people what the log of a board says after the last look, away from the commit. What is told and how far was
 * read are one transaction: after a crash it is told then, and once. Of several nodes one reads on; the others leave it.
 */
export async function followLog(db: Kysely<Schema>, boardId: BoardId): Promise<void> {
  while (await db.transaction().execute((trx) => step(trx, boardId)));
}

/** Whether the log goes on after it. */
async function step(trx: Transaction<Schema>, boardId: BoardId): Promise<boolean> {
  const seq = await claimCursor(trx, { reader: 'bell', boardId, ifTaken: 'skip' });
  if (seq === null) return false;
  const next = await readOn(trx, {
    boardId,
    afterSeq: seq,
    entriesMax: ENTRIES_PER_STEP_MAX,
    types: HEARD,
  });
  if (next === null) return false;
  if (next.entries.length > 0)
    await tell(
      trx,
      boardId,
      next.entries.map(({ entry }) => entry),
    );
  await moveCursor(trx, { reader: 'bell', boardId, seq: next.untilSeq });
  return next.hasMore;
}

async function tell(trx: Transaction<Schema>, boardId: BoardId, entries: readonly Entry[]): Promise<void> {
  const { members } = await readMembers(trx, boardId);
  const audience = new Audience(members);
  const changed = entries.flatMap(({ events }) => events.filter((event) => event.type === 'memberSet'));
  const gone = [...new Set(changed.map(({ userId }) => userId))].filter((userId) => !audience.has(userId));
  await forgetPeople(trx, boardId, gone);
  await forgetWatchers(trx, boardId, gone);

  const heard = entriesByItem(entries);
  const touched = [...heard].map(([itemId, own]) => ({ itemId, movedSeq: lastMoveIn(own) }));
  const relieved = await withdrawMoot(trx, touched);
  await lookAgain(trx, new Set(touched.flatMap(({ itemId, movedSeq }) => (movedSeq > 0 ? [itemId] : []))));
  await forgetClosedLooks(trx, new Set(heard.keys()));
  const telling = [...heard].flatMap(([itemId, own]) => (own.some(mayBeNews) ? [itemId] : []));
  const { items } = await readItems(trx, boardId, telling);
  const watchers = await readItemWatchers(trx, telling);
  const news: NewNotification[] = [];
  for (const item of items) {
    const own = heard.get(item.id) ?? [];
    const handedOnBy = await whoHandedOn(trx, item, own);
    const ofItem = { item, entries: own, audience, handedOnBy, watchers: watchers.get(item.id) ?? [] };
    for (const each of newsOfEntries(ofItem))
      news.push({ ...each, itemId: item.id, seq: item.responsibility.seq });
  }
  const told = await writeNotifications(trx, boardId, news);
  await publishBells(trx, boardId, [...relieved, ...told]);
}

/** The seq of the last of these entries that moved the item on; 0: none did. */
function lastMoveIn(entries: readonly Entry[]): number {
  const moves = entries.filter(({ events }) => events.some(({ type }) => HOW_HEARD[type] === 'moves'));
  return moves.at(-1)?.seq ?? 0;
}

function entriesByItem(entries: readonly Entry[]): Map<ItemId, Entry[]> {
  const byItem = new Map<ItemId, Entry[]>();
  for (const entry of entries) {
    const event = entry.events.find(({ type }) => HOW_HEARD[type] !== 'not');
    if (event === undefined || !('itemId' in event)) continue;
    byItem.set(event.itemId, [...(byItem.get(event.itemId) ?? []), entry]);
  }
  return byItem;
}
