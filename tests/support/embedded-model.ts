import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';

/** A data directory with an embedded database in it, migrated and closed. Making one takes seconds, copying it none. */
export class EmbeddedModel {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** `fill`: what every copy begins with; without it nothing. */
  static async make(
    fill: (database: OpenDatabase) => Promise<void> = () => Promise.resolve(),
  ): Promise<EmbeddedModel> {
    const directory = await mkdtemp(join(tmpdir(), 'baton-model-'));
    const database = await openDatabase({ kind: 'embedded', directory });
    try {
      await migrateToLatest(database.db);
      await fill(database);
    } finally {
      await database.close();
    }
    return new EmbeddedModel(directory);
  }

  async copyTo(directory: string): Promise<void> {
    await cp(this.#directory, directory, { recursive: true });
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}
