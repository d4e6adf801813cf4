import { randomUUID } from 'node:crypto';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { About, Notification, NotificationKind, ReadNotificationsBody } from '#lib/protocol/api.ts';
import { TITLE_KEY } from '#lib/workflow/definition.ts';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { anyOf } from './any-of.ts';
import { HINT_CHANNEL, textOfHint } from './hints.ts';
import { jsonRows } from './jsonb.ts';
import type { Schema } from './schema.ts';

/** Ways out of the house; nothing sends yet. */
const CHANNEL = 'mail';
/** What is older is forgotten, read or not: the item itself still says where it is. */
export const NOTIFICATIONS_KEPT_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface NewNotification {
  readonly userId: UserId;
  readonly itemId: ItemId;
  readonly kind: NotificationKind;
  readonly about: About;
  /** The same for the same happening: a person is told of it once. */
  readonly key: string;
  readonly at: number;
  /** The item's `responsibility.seq`: what asks for something is moot once that has moved on. */
  readonly seq: number;
}

/**
 * Tells people. Who has an unread one of the item already gets this in its place, except that looking on never hides
 * what somebody has to do, that a nudge leaves the kind of what is stalled (that stays until its clock ends, while a nudge
 * is moot once somebody takes the item up), and that what came back and becomes late keeps its reason. One writer at a time
 * for each board: see `claimCursor`. Gives who has news.
 */
export async function writeNotifications(
  trx: Transaction<Schema>,
  boardId: BoardId,
  given: readonly NewNotification[],
): Promise<UserId[]> {
  if (given.length === 0) return [];
  const rows = given.map(({ userId, itemId, kind, about, key, at, seq }) => {
    return { id: randomUUID(), user_id: userId, item_id: itemId, kind, about, key, at: new Date(at), seq };
  });
  const { rows: told } = await sql<{ user_id: UserId }>`
    with
      given as (
        select * from json_to_recordset(${jsonRows(rows)}) as row (
          id uuid, user_id uuid, item_id uuid, kind text, about jsonb, key text, at timestamptz, seq integer
        )
      ),
      written as (
        insert into notification as known (id, board_id, user_id, item_id, kind, about, key, at, seq)
        select id, cast(${boardId} as uuid), user_id, item_id, kind, about, key, at, seq from given
        where not exists (
          select from notification where notification.user_id = given.user_id and notification.key = given.key
        )
        on conflict (item_id, user_id) where read_at is null do update
        set
          kind = case
            when known.kind = 'late' and known.about ->> 'type' <> 'halfway' and excluded.about ->> 'type' = 'nudged'
            then known.kind
            else excluded.kind
          end,
          about = case when known.kind = 'cameBack' and excluded.kind = 'late' then known.about else excluded.about end,
          key = excluded.key, at = excluded.at, seq = excluded.seq
        where known.kind = 'watched' or excluded.kind <> 'watched'
        returning id, user_id, key, at
      ),
      due as (
        insert into delivery (notification_id, channel, key, due_at)
        select id, ${CHANNEL}, user_id || ':' || key, at from written
        on conflict (notification_id, channel) do update
        set key = excluded.key, due_at = excluded.due_at, delivered_at = null
      )
    select user_id from written
  `.execute(trx);
  return told.map((row) => row.user_id);
}

/** An item that something happened to; `movedSeq`: of the last entry that ended a clock of it, 0 for none. */
export interface Touched {
  readonly itemId: ItemId;
  readonly movedSeq: number;
}

/**
 * Takes back what is unread and asks for something that somebody has done meanwhile. Gives who had it. What is late stays
 * so until its clock ends, and an open offer asks whom it asked, whoever becomes the owner on the sending side.
 */
export async function withdrawMoot(trx: Transaction<Schema>, touched: readonly Touched[]): Promise<UserId[]> {
  if (touched.length === 0) return [];
  const rows = touched.map(({ itemId, movedSeq }) => ({ item_id: itemId, moved_seq: movedSeq }));
  const { rows: withdrawn } = await sql<{ user_id: UserId }>`
    delete from notification
    using json_to_recordset(${jsonRows(rows)}) as touched (item_id uuid, moved_seq integer), item
    where touched.item_id = notification.item_id and item.id = notification.item_id
      and notification.read_at is null and notification.kind <> 'watched'
      and (
        item.closed_at is not null
        or case notification.kind
          when 'late' then notification.seq < touched.moved_seq
          else notification.seq < item.responsibility_seq and not (
            item.handoff is not null
            and item.responsibility_event in ('itemClaimed', 'ownerAssigned')
            and notification.about ->> 'type' in ('offered', 'sentBack', 'nudged')
            and notification.at >= to_timestamp(cast(item.handoff ->> 'offeredAt' as double precision) / 1000)
          )
        end
      )
    returning notification.user_id
  `.execute(trx);
  return withdrawn.map((row) => row.user_id);
}

/** Forgets everything about the board that was told to these people: they are not on it any more. */
export async function forgetPeople(
  trx: Transaction<Schema>,
  boardId: BoardId,
  userIds: readonly UserId[],
): Promise<void> {
  if (userIds.length === 0) return;
  await trx
    .deleteFrom('notification')
    .where('board_id', '=', boardId)
    .where('user_id', '=', anyOf(userIds))
    .execute();
}

export async function forgetOld(db: Kysely<Schema>, nowMs: number): Promise<void> {
  const cutoff = new Date(nowMs - NOTIFICATIONS_KEPT_DAYS * DAY_MS);
  await db.deleteFrom('notification').where('at', '<', cutoff).execute();
}

/** Whose bell this is: one person's on one board. */
export interface BellOf {
  readonly userId: UserId;
  readonly boardId: BoardId;
}

/** Where a page ended: its last notification. */
export interface NotificationPlace {
  readonly at: number;
  readonly id: string;
}

export interface NotificationPage {
  readonly before: NotificationPlace | null;
  readonly limit: number;
}

/** The latest first, after `before`; at most `limit`. */
export async function readNotifications(
  db: Kysely<Schema>,
  whose: BellOf,
  page: NotificationPage,
): Promise<Notification[]> {
  return (await notificationsQuery(db, whose, page).execute()).map((row) => ({
    id: row.id,
    kind: row.kind,
    about: row.about,
    item: { id: row.item_id, key: row.key, title: row.title ?? '' },
    at: row.at.getTime(),
    isRead: row.read_at !== null,
  }));
}

export function notificationsQuery(
  db: Kysely<Schema>,
  { userId, boardId }: BellOf,
  { before, limit }: NotificationPage,
) {
  const query = db
    .selectFrom('notification')
    .innerJoin('item', 'item.id', 'notification.item_id')
    .select(['notification.id', 'notification.kind', 'notification.about', 'notification.at'])
    .select(['notification.read_at', 'notification.item_id', 'item.key'])
    .select(sql<string | null>`item.facts ->> ${TITLE_KEY}`.as('title'))
    .where('notification.user_id', '=', userId)
    .where('notification.board_id', '=', boardId)
    .orderBy('notification.at', 'desc')
    .orderBy('notification.id', 'desc')
    .limit(limit);
  if (before === null) return query;
  const place = sql`(${new Date(before.at)}::timestamptz, ${before.id}::uuid)`;
  return query.where(sql<boolean>`(notification.at, notification.id) < ${place}`);
}

export async function countUnread(db: Kysely<Schema>, whose: BellOf): Promise<number> {
  return (await unreadQuery(db, whose).executeTakeFirstOrThrow()).unread;
}

export function unreadQuery(db: Kysely<Schema>, { userId, boardId }: BellOf) {
  return db
    .selectFrom('notification')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('unread'))
    .where('user_id', '=', userId)
    .where('board_id', '=', boardId)
    .where('read_at', 'is', null);
}

/** What was renewed since it was seen stays unread. Says whether anything was unread until now. */
export async function markRead(
  db: Kysely<Schema>,
  { userId, boardId }: BellOf,
  seen: ReadNotificationsBody,
  nowMs: number,
): Promise<boolean> {
  let query = db
    .updateTable('notification')
    .set({ read_at: new Date(nowMs) })
    .where('user_id', '=', userId)
    .where('board_id', '=', boardId)
    .where('read_at', 'is', null)
    .where('at', '<=', new Date('until' in seen ? seen.until : seen.at));
  if ('id' in seen) query = query.where('id', '=', seen.id);
  return (await query.returning('id').execute()).length > 0;
}

/** Tells every node that these people's bells have changed, once the transaction commits. */
export async function publishBells(
  db: Kysely<Schema>,
  boardId: BoardId,
  userIds: readonly UserId[],
): Promise<void> {
  const hints = [...new Set(userIds)].map((userId) => ({
    text: textOfHint({ kind: 'bell', boardId, userId }),
  }));
  if (hints.length === 0) return;
  await sql`
    select pg_notify(${HINT_CHANNEL}, text) from json_to_recordset(${jsonRows(hints)}) as hint (text text)
  `.execute(db);
}
