import { sql, type RawBuilder } from 'kysely';

/**
 * A value for a jsonb column. It travels as text: of a bare string one driver makes a JSON string and the other takes
 * it for JSON already, so only text means the same to both.
 */
export function jsonb<Value>(value: Value): RawBuilder<Value> {
  return sql<Value>`cast(cast(${JSON.stringify(value)} as text) as jsonb)`;
}

/** Rows for `json_to_recordset`; as text first, for the same reason. */
export function jsonRows(rows: readonly object[]): RawBuilder<unknown> {
  return sql`cast(cast(${JSON.stringify(rows)} as text) as json)`;
}

/**
 * Whether Postgres can keep the value at all. JSON may hold a NUL character or half of a surrogate pair, and text in
 * Postgres may not: one such command would fail the whole batch that it is in, again and again.
 */
export function isStorable(value: unknown): boolean {
  // JSON.stringify writes exactly these two as escapes; an even run of backslashes before it is text that looks alike.
  return !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(JSON.stringify(value) ?? '');
}
