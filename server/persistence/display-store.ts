import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { WallTheme, WallView } from '#lib/protocol/api.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { anyOf } from './any-of.ts';
import { publishHint } from './hints.ts';
import { jsonb } from './jsonb.ts';
import type { Schema } from './schema.ts';

export interface DisplaySettings {
  readonly name: string;
  readonly views: readonly WallView[];
  readonly theme: WallTheme;
}

export interface StoredDisplay extends DisplaySettings {
  readonly id: string;
  readonly boardId: BoardId;
  readonly createdAt: Date;
  /** Null: it has not come back since it was paired. */
  readonly lastSeenAt: Date | null;
}

export interface NewPairing {
  readonly code: string;
  readonly tokenHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export type ClaimResult = { readonly id: string } | 'noSuchCode' | 'tooMany';

const COLUMNS = ['id', 'board_id', 'name', 'views', 'theme', 'created_at', 'last_seen_at'] as const;

/** Displays and the codes that become displays, by the SHA-256 of their token. */
export class DisplayStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** Keeps at most `max` pairings, the latest ones. False: the code is taken. */
  async addPairing(pairing: NewPairing, max: number): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom('display_pairing').where('expires_at', '<=', pairing.createdAt).execute();
      const kept = trx
        .selectFrom('display_pairing')
        .select('code')
        .orderBy('created_at', 'desc')
        .limit(max - 1);
      await trx.deleteFrom('display_pairing').where('code', 'not in', kept).execute();
      const added = await trx
        .insertInto('display_pairing')
        .values({
          code: pairing.code,
          token_hash: pairing.tokenHash,
          created_at: pairing.createdAt,
          expires_at: pairing.expiresAt,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('code')
        .executeTakeFirst();
      return added !== undefined;
    });
  }

  /** The code that still waits under this token; null: none. */
  async findPairing(tokenHash: string, now: Date): Promise<{ code: string; expiresAt: Date } | null> {
    const row = await this.#db
      .selectFrom('display_pairing')
      .select(['code', 'expires_at'])
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return row ? { code: row.code, expiresAt: row.expires_at } : null;
  }

  async removePairing(tokenHash: string): Promise<void> {
    await this.#db.deleteFrom('display_pairing').where('token_hash', '=', tokenHash).execute();
  }

  /** Takes the code and makes its token that of a display; of two who claim one code the second finds none. */
  async claim(
    code: string,
    display: DisplaySettings & { readonly boardId: BoardId; readonly createdBy: UserId },
    { now, max }: { readonly now: Date; readonly max: number },
  ): Promise<ClaimResult> {
    return await this.#db.transaction().execute(async (trx) => {
      // One after another: two at the same moment would both find the last place free.
      await trx.selectFrom('board').select('id').where('id', '=', display.boardId).forUpdate().execute();
      if ((await countOf(trx, display.boardId)) >= max) return 'tooMany';
      const taken = await trx
        .deleteFrom('display_pairing')
        .where('code', '=', code)
        .where('expires_at', '>', now)
        .returning('token_hash')
        .executeTakeFirst();
      if (!taken) return 'noSuchCode';
      const id = randomUUID();
      await trx
        .insertInto('display')
        .values({
          id,
          token_hash: taken.token_hash,
          board_id: display.boardId,
          name: display.name,
          views: jsonb(display.views),
          theme: display.theme,
          created_by: display.createdBy,
          created_at: now,
          last_seen_at: null,
        })
        .execute();
      return { id };
    });
  }

  async findByTokenHash(tokenHash: string): Promise<StoredDisplay | null> {
    const row = await this.#db
      .selectFrom('display')
      .select(COLUMNS)
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    return row ? displayOf(row) : null;
  }

  /** Those of a board, by name. */
  async list(boardId: BoardId): Promise<StoredDisplay[]> {
    const rows = await this.#db
      .selectFrom('display')
      .select(COLUMNS)
      .where('board_id', '=', boardId)
      .orderBy('name')
      .orderBy('id')
      .execute();
    return rows.map(displayOf);
  }

  /** False: the board has no such display. */
  async change(boardId: BoardId, id: string, settings: DisplaySettings): Promise<boolean> {
    const changed = await this.#db
      .updateTable('display')
      .set({ name: settings.name, views: jsonb(settings.views), theme: settings.theme })
      .where('id', '=', id)
      .where('board_id', '=', boardId)
      .returning('id')
      .executeTakeFirst();
    return changed !== undefined;
  }

  /** Every node is told, so that its open connections are looked at again. False: the board has no such display. */
  async remove(boardId: BoardId, id: string): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const removed = await trx
        .deleteFrom('display')
        .where('id', '=', id)
        .where('board_id', '=', boardId)
        .returning('id')
        .executeTakeFirst();
      if (removed) await publishHint(trx, { kind: 'user', userId: id as UserId });
      return removed !== undefined;
    });
  }

  /** Notes that it was here, unless that was noted after `before` already. */
  async see(id: string, now: Date, before: Date): Promise<void> {
    await this.#db
      .updateTable('display')
      .set({ last_seen_at: now })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('last_seen_at', 'is', null), eb('last_seen_at', '<', before)]))
      .execute();
  }

  /** Of these displays those that there still are. */
  async existing(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await this.#db.selectFrom('display').select('id').where('id', '=', anyOf(ids)).execute();
    return rows.map(({ id }) => id);
  }
}

async function countOf(trx: Transaction<Schema>, boardId: BoardId): Promise<number> {
  const rows = await trx.selectFrom('display').select('id').where('board_id', '=', boardId).execute();
  return rows.length;
}

interface DisplayRow {
  readonly id: string;
  readonly board_id: BoardId;
  readonly name: string;
  readonly views: readonly WallView[];
  readonly theme: WallTheme;
  readonly created_at: Date;
  readonly last_seen_at: Date | null;
}

function displayOf(row: DisplayRow): StoredDisplay {
  const { id, name, views, theme } = row;
  return {
    id,
    boardId: row.board_id,
    name,
    views,
    theme,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}
