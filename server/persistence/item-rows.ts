import { sql, type RawBuilder, type Selectable } from 'kysely';
import { markOf, type BoardId } from '#lib/workflow/ids.ts';
import type { Closing, Item } from '#lib/workflow/state.ts';
import type { ItemTable } from './schema.ts';

/** The item that a row holds: the same JSON that was written, key for key. */
export function itemOfRow(row: Selectable<ItemTable>): Item {
  return {
    id: row.id,
    number: row.number,
    key: row.key,
    workflowId: row.workflow_id,
    workflowVersion: row.workflow_version,
    facts: row.facts,
    stepId: row.step_id,
    holderTeamId: row.holder_team_id,
    ownerId: row.owner_id,
    handoff: row.handoff,
    returned: row.returned,
    waiting: row.waiting,
    ...(row.nudged && { nudged: row.nudged }),
    closed: closingOfRow(row),
    trail: row.trail,
    bounces: row.bounces,
    deviations: row.deviations,
    order: row.order,
    createdAt: row.created_at.getTime(),
    heldSince: row.held_since.getTime(),
    ...(row.away && { away: row.away }),
    commentCount: row.comment_count,
    ...(row.checklist && { checklist: row.checklist }),
    ...(row.relations && { relations: row.relations }),
    seq: row.seq,
    responsibility: {
      seq: row.responsibility_seq,
      by: row.responsibility_by,
      at: row.responsibility_at.getTime(),
      event: row.responsibility_event,
    },
    // Earlier versions wrote whole ids.
    lastCommands: row.last_command_ids.map(markOf),
  };
}

function closingOfRow(row: Selectable<ItemTable>): Closing | null {
  const { closed_kind: kind, closed_at: at, closed_by: by, closed_reason: reason } = row;
  if (kind === null || at === null || by === null || reason === null) return null;
  return { kind, at: at.getTime(), by, reason };
}

/** The row of an item, as JSON and as Postgres name things: what `ITEM_COLUMN_TYPES` reads. */
export function rowOfItem(boardId: BoardId, item: Item): Selectable<ItemTable> {
  return {
    id: item.id,
    board_id: boardId,
    number: item.number,
    key: item.key,
    workflow_id: item.workflowId,
    workflow_version: item.workflowVersion,
    facts: item.facts,
    step_id: item.stepId,
    holder_team_id: item.holderTeamId,
    owner_id: item.ownerId,
    handoff: item.handoff,
    returned: item.returned,
    waiting: item.waiting,
    nudged: item.nudged ?? null,
    closed_kind: item.closed?.kind ?? null,
    closed_at: item.closed ? new Date(item.closed.at) : null,
    closed_by: item.closed?.by ?? null,
    closed_reason: item.closed?.reason ?? null,
    trail: item.trail,
    bounces: item.bounces,
    deviations: item.deviations,
    order: item.order,
    created_at: new Date(item.createdAt),
    held_since: new Date(item.heldSince),
    away: item.away ?? null,
    comment_count: item.commentCount,
    checklist: item.checklist ?? null,
    relations: item.relations ?? null,
    seq: item.seq,
    responsibility_seq: item.responsibility.seq,
    responsibility_by: item.responsibility.by,
    responsibility_at: new Date(item.responsibility.at),
    responsibility_event: item.responsibility.event,
    last_command_ids: item.lastCommands,
  };
}

/** What an upsert of an item's row sets. What is missing here never changes once the item is there. */
export const CHANGING_ITEM_COLUMNS = [
  'workflow_id',
  'workflow_version',
  'facts',
  'step_id',
  'holder_team_id',
  'owner_id',
  'handoff',
  'returned',
  'waiting',
  'nudged',
  'closed_kind',
  'closed_at',
  'closed_by',
  'closed_reason',
  'trail',
  'bounces',
  'deviations',
  'order',
  'held_since',
  'away',
  'comment_count',
  'checklist',
  'relations',
  'seq',
  'responsibility_seq',
  'responsibility_by',
  'responsibility_at',
  'responsibility_event',
  'last_command_ids',
] as const satisfies readonly (keyof ItemTable)[];

const uuid = sql`uuid`;
const integer = sql`integer`;
const text = sql`text`;
const json = sql`jsonb`;
const time = sql`timestamptz`;

/** Every column with the type that a row's JSON is read as. */
export const ITEM_COLUMN_TYPES = [
  ['id', uuid],
  ['board_id', uuid],
  ['number', integer],
  ['key', text],
  ['workflow_id', uuid],
  ['workflow_version', integer],
  ['facts', json],
  ['step_id', text],
  ['holder_team_id', uuid],
  ['owner_id', uuid],
  ['handoff', json],
  ['returned', json],
  ['waiting', json],
  ['nudged', json],
  ['closed_kind', text],
  ['closed_at', time],
  ['closed_by', uuid],
  ['closed_reason', text],
  ['trail', json],
  ['bounces', json],
  ['deviations', integer],
  ['order', text],
  ['created_at', time],
  ['held_since', time],
  ['away', json],
  ['comment_count', integer],
  ['checklist', json],
  ['relations', json],
  ['seq', integer],
  ['responsibility_seq', integer],
  ['responsibility_by', uuid],
  ['responsibility_at', time],
  ['responsibility_event', text],
  ['last_command_ids', json],
] as const satisfies readonly (readonly [keyof ItemTable, RawBuilder<unknown>])[];
