import { sql, type RawBuilder } from 'kysely';

/**
 * For `column = anyOf(ids)`: whether the column holds one of these uuids. One parameter, whatever their number: a
 * statement of another length would be read and planned as a new one, and each connection keeps those it has planned.
 */
export function anyOf<Id extends string>(ids: Iterable<Id>): RawBuilder<Id> {
  return sql<Id>`any(cast(cast(${`{${[...ids].join(',')}}`} as text) as uuid[]))`;
}
