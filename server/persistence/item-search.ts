import { sql, type Kysely } from 'kysely';
import type { ArchivedItem, SearchHit } from '#lib/protocol/api.ts';
import { TITLE_KEY } from '#lib/workflow/definition.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { Schema } from './schema.ts';

/** What words are not made of: the ASCII characters that are neither letter nor digit. Migration 0010 has the same. */
const BETWEEN_WORDS = /[\0-/:-@[-`{-\x7f\s]+/u;
/** More words than anybody types; what is pasted beyond them does not narrow the search. */
const WORDS_MAX = 16;

/**
 * Items of the board, open or closed, that hold all of the words; the last may be the beginning of one. The very key
 * comes first, then open ones, then what was closed last; at most `limit`.
 */
export async function searchItems(
  db: Kysely<Schema>,
  { boardId, text, limit }: { boardId: BoardId; text: string; limit: number },
): Promise<SearchHit[]> {
  const words = wordsOf(text);
  if (words.length === 0) return [];
  const rows = await db
    .selectFrom('item')
    .select(['id', 'key', 'closed_kind', 'closed_at'])
    .select(sql<string | null>`facts ->> ${TITLE_KEY}`.as('title'))
    .where('board_id', '=', boardId)
    .where(sql<boolean>`item_words(key, facts) @@ to_tsquery('simple', ${queryOf(words)})`)
    .orderBy(sql`lower(key) = ${words.join('-')}`, 'desc')
    .orderBy('closed_at', (order) => order.desc().nullsFirst())
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id, key, title, closed_kind: kind, closed_at: at }) => ({
    itemId: id,
    key,
    title: title ?? '',
    closed: kind === null || at === null ? null : { kind, at: at.getTime() },
  }));
}

/** Where a page of the archive ended: its last item. */
export interface ArchivePlace {
  readonly closedAtMs: number;
  readonly number: number;
}

/** Closed items of the board, the latest first, after `before`; where there are words only what holds them all. */
export async function readArchive(
  db: Kysely<Schema>,
  {
    boardId,
    text,
    before,
    limit,
  }: { boardId: BoardId; text: string; before: ArchivePlace | null; limit: number },
): Promise<(ArchivedItem & { readonly number: number })[]> {
  const words = wordsOf(text);
  // Something was typed, and there is no word in it.
  if (words.length === 0 && text.trim() !== '') return [];
  let query = db
    .selectFrom('item')
    .select(['id', 'key', 'number', 'closed_kind', 'closed_at'])
    .select(sql<string | null>`facts ->> ${TITLE_KEY}`.as('title'))
    .where('board_id', '=', boardId)
    .where('closed_at', 'is not', null)
    .orderBy('closed_at', 'desc')
    .orderBy('number', 'desc')
    .limit(limit);
  if (words.length > 0)
    query = query.where(sql<boolean>`item_words(key, facts) @@ to_tsquery('simple', ${queryOf(words)})`);
  if (before !== null) {
    const at = new Date(before.closedAtMs);
    query = query.where(sql<boolean>`(closed_at, number) < (${at}::timestamptz, ${before.number}::integer)`);
  }
  return (await query.execute()).flatMap(({ id, key, number, title, closed_kind: kind, closed_at: at }) =>
    kind === null || at === null
      ? []
      : [{ itemId: id, key, number, title: title ?? '', closed: { kind, at: at.getTime() } }],
  );
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(BETWEEN_WORDS)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);
}

/** No word has a quote or a backslash in it, so nothing that is typed can be an operator. */
function queryOf(words: readonly string[]): string {
  return `${words.map((word) => `'${word}'`).join(' & ')}:*`;
}
