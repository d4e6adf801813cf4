import { sql, type RawBuilder } from 'kysely';
import type { BoardFork } from '#lib/workflow/board-state.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { CHANGING_ITEM_COLUMNS, ITEM_COLUMN_TYPES, rowOfItem } from './item-rows.ts';
import { jsonRows } from './jsonb.ts';

type ItemRow = ReturnType<typeof rowOfItem>;
type ChangingColumn = (typeof CHANGING_ITEM_COLUMNS)[number];

/** `parts`: for a `with`. `written`: how many rows they wrote, which is less than `count` when an id is another board's. */
export interface ItemWriting {
  readonly parts: readonly RawBuilder<unknown>[];
  readonly written: RawBuilder<number>;
  readonly count: number;
}

/**
 * How the items that a batch changed come into their rows. Of those that were there before only the columns are sent
 * that the batch changed in any of them: mostly a handful of thirty, and reading the JSON of all of them is dearer for
 * Postgres than writing the rows.
 */
export function writingItems(before: BoardState, after: BoardFork): ItemWriting {
  const changed = [...after.changedItems().values()];
  const created = changed.filter(({ id }) => !before.items.has(id));
  const kept = changed.filter(({ id }) => before.items.has(id));
  const parts = [
    ...(created.length > 0 ? [sql`created_item as (${inserting(after.boardId, created)})`] : []),
    ...(kept.length > 0 ? [sql`changed_item as (${updating(before, kept)})`] : []),
  ];
  const createdCount = created.length > 0 ? sql`(select count(*) from created_item)` : sql`0`;
  const changedCount = kept.length > 0 ? sql`(select count(*) from changed_item)` : sql`0`;
  const written = sql<number>`cast(${createdCount} + ${changedCount} as integer)`;
  return { parts, written, count: changed.length };
}

const allColumns = columnList(ITEM_COLUMN_TYPES.map(([column]) => column));
const allColumnsTyped = typedColumns(() => true);

function inserting(boardId: BoardId, items: readonly Item[]): RawBuilder<unknown> {
  const rows = items.map((item) => rowOfItem(boardId, item));
  return sql`
    insert into item (${allColumns})
    select ${allColumns} from json_to_recordset(${jsonRows(rows)}) as fresh (${allColumnsTyped})
    on conflict (id) do nothing
    returning id
  `;
}

function updating(before: BoardState, items: readonly Item[]): RawBuilder<unknown> {
  const { boardId } = before;
  const rows = items.map((item) => rowOfItem(boardId, item));
  const old = items.map(({ id }) => before.items.get(id)).map((item) => item && rowOfItem(boardId, item));
  const columns = CHANGING_ITEM_COLUMNS.filter((column) =>
    rows.some((row, index) => isOther(column, row, old[index])),
  );
  const narrow = rows.map((row) =>
    Object.fromEntries(['id' as const, ...columns].map((name) => [name, row[name]])),
  );
  const typed = typedColumns((column) => column === 'id' || columns.some((each) => each === column));
  const changes = sql.join(columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`fresh.${column}`)}`));
  return sql`
    update item set ${changes}
    from json_to_recordset(${jsonRows(narrow)}) as fresh (${typed})
    where item.id = fresh.id and item.board_id = ${boardId}
    returning item.id
  `;
}

/** What is not touched keeps its identity, so JSON need not be compared; a false alarm only writes the same again. */
function isOther(column: ChangingColumn, row: ItemRow, old: ItemRow | undefined): boolean {
  const [now, then] = [row[column], old?.[column]];
  if (now instanceof Date && then instanceof Date) return now.getTime() !== then.getTime();
  return now !== then;
}

function columnList(columns: readonly (keyof ItemRow)[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)));
}

function typedColumns(isMeant: (column: keyof ItemRow) => boolean): RawBuilder<unknown> {
  const meant = ITEM_COLUMN_TYPES.filter(([column]) => isMeant(column));
  return sql.join(meant.map(([column, type]) => sql`${sql.ref(column)} ${type}`));
}
