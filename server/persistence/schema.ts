import type { ColumnType, RawBuilder } from 'kysely';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { Facts, WorkflowVersion } from '#lib/workflow/definition.ts';
import type { Event } from '#lib/workflow/events.ts';
import type { Clock } from '#lib/workflow/clocks.ts';
import type { About, NotificationKind, TeamHours, WallTheme, WallView } from '#lib/protocol/api.ts';
import type {
  BoardId,
  CommandId,
  ItemId,
  SeamId,
  StepId,
  TeamId,
  UserId,
  WorkflowId,
} from '#lib/workflow/ids.ts';
import type { LimitMark } from '#lib/workflow/limit-mark.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { ClockRun, SpanEnd } from '#lib/workflow/spans.ts';
import type { ClockKey } from '#lib/workflow/usual.ts';
import type {
  ChecklistCount,
  Closing,
  Handoff,
  Item,
  Nudge,
  Relation,
  Responsibility,
  Return,
  Role,
  Waiting,
} from '#lib/workflow/state.ts';

/** A jsonb column. It is written through `jsonb()` only: the two drivers disagree on what a bare value means. */
type Json<Value> = ColumnType<Value, RawBuilder<Value>, RawBuilder<Value>>;
type NullableJson<Value> = ColumnType<Value | null, RawBuilder<Value> | null, RawBuilder<Value> | null>;
/** Set when the row is made and never again. */
type Fixed<Value> = ColumnType<Value, Value, never>;
type FixedJson<Value> = ColumnType<Value, RawBuilder<Value>, never>;

export interface Schema {
  user: UserTable;
  session: SessionTable;
  board: BoardTable;
  team: TeamTable;
  workflow_version: WorkflowVersionTable;
  membership: MembershipTable;
  team_role: TeamRoleTable;
  item: ItemTable;
  command: CommandTable;
  transition: TransitionTable;
  item_document: ItemDocumentTable;
  item_update: ItemUpdateTable;
  item_client: ItemClientTable;
  invite: InviteTable;
  setup: SetupTable;
  display: DisplayTable;
  display_pairing: DisplayPairingTable;
  log_cursor: LogCursorTable;
  span: SpanTable;
  clock_run: ClockRunTable;
  usual: UsualTable;
  notification: NotificationTable;
  delivery: DeliveryTable;
  limit_look: LimitLookTable;
  item_watcher: ItemWatcherTable;
  seam_watcher: SeamWatcherTable;
}

interface UserTable {
  id: Fixed<UserId>;
  name: string;
  email: string;
  password_hash: string;
  is_admin: boolean;
  created_at: Fixed<Date>;
}

interface SessionTable {
  id: Fixed<string>;
  token_hash: Fixed<string>;
  user_id: Fixed<UserId>;
  created_at: Fixed<Date>;
  expires_at: Date;
}

interface BoardTable {
  id: Fixed<BoardId>;
  name: string;
  created_by: Fixed<UserId>;
  created_at: Fixed<Date>;
  head_seq: ColumnType<number, number | undefined, number>;
  head_at: Date;
  next_number: ColumnType<number, number | undefined, number>;
}

interface TeamTable {
  board_id: Fixed<BoardId>;
  id: Fixed<TeamId>;
  name: string;
  color: string;
  position: number;
  item_limit: number | null;
  hours: NullableJson<TeamHours>;
}

interface WorkflowVersionTable {
  board_id: Fixed<BoardId>;
  workflow_id: Fixed<WorkflowId>;
  version: Fixed<number>;
  definition: FixedJson<WorkflowVersion>;
}

interface MembershipTable {
  board_id: Fixed<BoardId>;
  user_id: Fixed<UserId>;
  is_admin: boolean;
}

interface TeamRoleTable {
  board_id: Fixed<BoardId>;
  user_id: Fixed<UserId>;
  team_id: Fixed<TeamId>;
  role: Role;
}

export interface ItemTable {
  id: Fixed<ItemId>;
  board_id: Fixed<BoardId>;
  number: Fixed<number>;
  key: Fixed<string>;
  workflow_id: WorkflowId;
  workflow_version: number;
  facts: Json<Facts>;
  step_id: StepId;
  holder_team_id: TeamId;
  owner_id: UserId | null;
  handoff: NullableJson<Handoff>;
  returned: NullableJson<Return>;
  waiting: NullableJson<Waiting>;
  nudged: NullableJson<Nudge>;
  closed_kind: Closing['kind'] | null;
  closed_at: Date | null;
  closed_by: UserId | null;
  closed_reason: string | null;
  trail: Json<Item['trail']>;
  bounces: Json<Item['bounces']>;
  deviations: number;
  order: string;
  created_at: Fixed<Date>;
  held_since: Date;
  away: NullableJson<Item['away']>;
  comment_count: number;
  checklist: NullableJson<ChecklistCount>;
  relations: NullableJson<readonly Relation[]>;
  seq: number;
  responsibility_seq: number;
  responsibility_by: UserId;
  responsibility_at: Date;
  responsibility_event: Responsibility['event'];
  last_command_ids: Json<Item['lastCommands']>;
}

interface CommandTable {
  id: Fixed<CommandId>;
  board_id: Fixed<BoardId>;
  actor_id: Fixed<UserId>;
  item_id: Fixed<ItemId | null>;
  type: Fixed<AnyCommand['type']>;
  body: FixedJson<AnyCommand>;
  decided_at: Fixed<Date>;
  seq: Fixed<number | null>;
  refusal: ColumnType<Refusal | null, RawBuilder<Refusal> | null, never>;
}

export interface TransitionTable {
  board_id: Fixed<BoardId>;
  seq: Fixed<number>;
  command_id: Fixed<CommandId>;
  item_id: Fixed<ItemId | null>;
  workflow_version: Fixed<number | null>;
  actor_id: Fixed<UserId>;
  at: Fixed<Date>;
  rules_version: Fixed<number>;
  format: Fixed<number>;
  events: FixedJson<readonly Event[]>;
}

interface ItemDocumentTable {
  item_id: Fixed<ItemId>;
  head: number;
  epoch: ColumnType<number, number | undefined, number>;
}

interface ItemUpdateTable {
  item_id: Fixed<ItemId>;
  seq: Fixed<number>;
  user_id: Fixed<UserId | null>;
  update: Fixed<Uint8Array>;
}

interface ItemClientTable {
  item_id: Fixed<ItemId>;
  /** Read back as text by one driver and as a number by the other. */
  client_id: ColumnType<string | number, number, never>;
  /** Null: the server itself. */
  user_id: Fixed<UserId | null>;
  /** The epoch of the document in which it was claimed. */
  epoch: Fixed<number>;
}

interface InviteTable {
  id: Fixed<string>;
  token_hash: Fixed<string>;
  board_id: Fixed<BoardId>;
  team_id: Fixed<TeamId>;
  role: Fixed<Role>;
  created_by: Fixed<UserId>;
  created_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  used_by: UserId | null;
  used_at: Date | null;
  revoked_at: Date | null;
}

interface SetupTable {
  token_hash: Fixed<string>;
  created_at: Fixed<Date>;
}

interface DisplayTable {
  id: Fixed<string>;
  token_hash: Fixed<string>;
  board_id: Fixed<BoardId>;
  name: string;
  views: Json<readonly WallView[]>;
  theme: WallTheme;
  created_by: Fixed<UserId>;
  created_at: Fixed<Date>;
  last_seen_at: Date | null;
}

interface LogCursorTable {
  reader: Fixed<string>;
  board_id: Fixed<BoardId>;
  seq: number;
}

interface SpanTable {
  item_id: Fixed<ItemId>;
  clock: Fixed<Clock>;
  from_seq: Fixed<number>;
  board_id: Fixed<BoardId>;
  key: Fixed<ClockKey | null>;
  team_id: Fixed<TeamId>;
  from_at: Fixed<Date>;
  until_at: Fixed<Date>;
  run_ms: Fixed<number>;
  waited_ms: Fixed<number>;
  ended: Fixed<SpanEnd>;
  ended_seq: Fixed<number>;
  counts: Fixed<boolean>;
}

interface ClockRunTable {
  item_id: Fixed<ItemId>;
  run: Json<ClockRun>;
}

interface UsualTable {
  board_id: Fixed<BoardId>;
  key: Fixed<ClockKey>;
  samples: number;
  p50_ms: number;
  p70_ms: number;
  p85_ms: number;
  p95_ms: number;
}

interface DisplayPairingTable {
  code: Fixed<string>;
  token_hash: Fixed<string>;
  created_at: Fixed<Date>;
  expires_at: Fixed<Date>;
}

interface NotificationTable {
  id: Fixed<string>;
  board_id: Fixed<BoardId>;
  user_id: Fixed<UserId>;
  item_id: Fixed<ItemId>;
  kind: NotificationKind;
  about: Json<About>;
  key: string;
  at: Date;
  seq: number;
  read_at: Date | null;
}

interface DeliveryTable {
  notification_id: Fixed<string>;
  channel: Fixed<string>;
  key: string;
  due_at: Date;
  delivered_at: Date | null;
}

interface LimitLookTable {
  item_id: Fixed<ItemId>;
  seq: number;
  since: Date;
  told: LimitMark | null;
  again_at: Date | null;
}

interface ItemWatcherTable {
  item_id: Fixed<ItemId>;
  user_id: Fixed<UserId>;
  board_id: Fixed<BoardId>;
}

interface SeamWatcherTable {
  board_id: Fixed<BoardId>;
  user_id: Fixed<UserId>;
  seam_id: Fixed<SeamId>;
}
