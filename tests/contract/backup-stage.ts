import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { KEPT_TABLES } from '../../server/backup/tables.ts';
import type { DatabaseConfig, OpenDatabase } from '../../server/persistence/database.ts';
import { openDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import type { Schema } from '../../server/persistence/schema.ts';
import type { EmbeddedModel } from '../support/embedded-model.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import type { BoardNode } from './contract-board.ts';
import { StoredBoard } from './stored-board.ts';

export type Kind = 'embedded' | 'postgres';

/** New, empty databases of both kinds, and files; all of it goes with `clear`. */
export class BackupStage {
  readonly #postgresUrl: string;
  readonly #folders: string[] = [];
  readonly #databases: TestDatabase[] = [];
  readonly #opened: OpenDatabase[] = [];

  constructor(postgresUrl: string) {
    this.#postgresUrl = postgresUrl;
  }

  async place(kind: Kind): Promise<DatabaseConfig> {
    if (kind === 'embedded') return { kind, directory: this.folder() };
    const created = await createDatabase(this.#postgresUrl);
    this.#databases.push(created);
    return { kind, url: created.url };
  }

  /** Holds what the model was filled with. */
  async copyOf(model: EmbeddedModel): Promise<DatabaseConfig> {
    const directory = this.folder();
    await model.copyTo(directory);
    return { kind: 'embedded', directory };
  }

  folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'baton-backup-'));
    this.#folders.push(path);
    return path;
  }

  file(): string {
    return join(this.folder(), 'backup.jsonl.gz');
  }

  /** Opens it, lets `task` use it, and closes it again: a restore wants a database that nobody uses. */
  async with<Value>(
    config: DatabaseConfig,
    task: (database: OpenDatabase) => Promise<Value>,
  ): Promise<Value> {
    const database = await openDatabase(config);
    this.#opened.push(database);
    try {
      return await task(database);
    } finally {
      await database.close();
      this.#opened.pop();
    }
  }

  async clear(): Promise<void> {
    for (const each of this.#opened.splice(0)) await each.close();
    for (const each of this.#databases.splice(0)) await each.drop();
    for (const each of this.#folders.splice(0)) rmSync(each, { recursive: true, force: true });
  }
}

/** A board that people have worked on, an item document, a refusal, and values of every type that are hard to keep. */
export async function fill({ db }: OpenDatabase): Promise<void> {
  await migrateToLatest(db);
  const board = await StoredBoard.create(db);
  const node = await board.node();
  const { itemId } = await handOver(node);
  await node.submit('vera', node.claiming(itemId));
  await db.insertInto('item_document').values({ item_id: itemId, head: 2 }).execute();
  for (const [seq, update] of [
    Uint8Array.of(0, 255, 92, 10, 13),
    new Uint8Array(300_000).fill(7),
  ].entries()) {
    await db
      .insertInto('item_update')
      .values({ item_id: itemId, seq: seq + 1, user_id: null, update })
      .execute();
  }
  const body = String.raw`{"text": "a\\b \"c\" \n\t 😀 \u2028", "n": 0.1000, "big": 123456789012345678901234567890, "none": null}`;
  await sql`
    insert into command (id, board_id, actor_id, item_id, type, body, decided_at, seq, refusal)
    values (${randomUUID()}, ${board.id}, ${board.people.bob}, null, 'addComment',
      cast(cast(${body} as text) as jsonb), '2026-11-23T09:30:00.123Z', null, cast('null' as jsonb))
  `.execute(db);
  await sql`
    insert into session (id, token_hash, user_id, created_at, expires_at)
    values (${randomUUID()}, ${randomUUID()}, ${board.people.bob}, now(), now())
  `.execute(db);
}

/** alice makes an item and offers it; bob accepts. */
export async function handOver(node: BoardNode) {
  const creating = node.creating();
  await node.tell('alice', creating);
  await node.tell('alice', node.offering(creating.itemId));
  await node.tell('bob', node.accepting(creating.itemId));
  return creating;
}

/** Every value of every row that a backup keeps, as Postgres writes it: equal only if all are. */
export async function contentOf(db: Kysely<Schema>): Promise<Record<string, string[]>> {
  const content: Record<string, string[]> = {};
  for (const name of KEPT_TABLES) {
    const { rows } = await sql<{ row: string }>`
      select cast(given as text) as row from ${sql.table(name)} given order by cast(given as text) collate "C"
    `.execute(db);
    content[name] = rows.map(({ row }) => row);
  }
  return content;
}
