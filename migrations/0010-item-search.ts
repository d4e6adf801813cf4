import { sql, type Kysely } from 'kysely';

/**
 * Search over the items of a board, closed ones too: the words of the key and of all facts.
 *
 * Punctuation becomes space first, so that addresses, links and keys are found by any of their words: the server takes
 * what somebody typed apart by the same characters. A row whose facts stay the same still touches no index.
 */
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    create function item_words(key text, facts jsonb) returns tsvector language sql immutable parallel safe as $$
      select to_tsvector(
        'simple',
        translate(
          concat_ws(' ', key, (select string_agg(value, ' ') from jsonb_each_text(facts))),
          '!"#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~',
          repeat(' ', 32)
        )
      )
    $$
  `.execute(db);
  await sql`create index item_by_words on item using gin (item_words(key, facts))`.execute(db);
}
