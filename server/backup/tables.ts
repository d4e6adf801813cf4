import type { Schema } from '../persistence/schema.ts';

/**
 * Which tables a backup holds; a new one does not compile before it is decided here. Sessions and displays stay out: a copy of
 * the file then opens nothing, no revoked display comes back, and after a restore everyone signs in and pairs again. So does the link for the first admin,
 * which every start makes anew. Each table stands after those that its rows name.
 */
const TABLES: Readonly<Record<keyof Schema, 'kept' | 'leftOut'>> = {
  user: 'kept',
  session: 'leftOut',
  board: 'kept',
  team: 'kept',
  workflow_version: 'kept',
  membership: 'kept',
  team_role: 'kept',
  item: 'kept',
  command: 'kept',
  transition: 'kept',
  item_document: 'kept',
  item_update: 'kept',
  item_client: 'kept',
  invite: 'kept',
  setup: 'leftOut',
  display: 'leftOut',
  display_pairing: 'leftOut',
  log_cursor: 'kept',
  span: 'kept',
  clock_run: 'kept',
  usual: 'kept',
  notification: 'kept',
  delivery: 'kept',
  limit_look: 'kept',
  item_watcher: 'kept',
  seam_watcher: 'kept',
};

export const KEPT_TABLES = Object.entries(TABLES)
  .filter(([, decision]) => decision === 'kept')
  .map(([name]) => name);

/** All that migrations make: what a restore replaces. Tables of anybody else in the same database stay as they are. */
export const OWN_TABLES = [...Object.keys(TABLES), 'kysely_migration', 'kysely_migration_lock'];
export const OWN_FUNCTIONS = [
  'refuse_change',
  'refuse_command_of_nobody',
  'refuse_foreign_transition',
  'refuse_removal',
  'item_words',
];
