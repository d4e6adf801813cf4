import type { Kysely } from 'kysely';
import type { Hint } from './hints.ts';
import type { Schema } from './schema.ts';

export type DatabaseConfig =
  /** Postgres inside this process, its files in `<directory>/pglite`. One process at a time. */
  | { readonly kind: 'embedded'; readonly directory: string }
  /**
   * The same without files, gone when it is closed: for tests. It begins empty, or with what a tar file of a data
   * directory holds, as PGlite's `dumpDataDir` makes it.
   */
  | { readonly kind: 'memory'; readonly dumpFile?: string }
  | { readonly kind: 'postgres'; readonly url: string };

export type SqlRow = Readonly<Record<string, unknown>>;

export interface OpenDatabase {
  readonly db: Kysely<Schema>;
  readonly kind: DatabaseConfig['kind'];
  /** Calls `onHint` for what any node commits from now on, this one included. Hints may get lost. */
  listen(onHint: (hint: Hint) => void): Promise<() => Promise<void>>;
  /**
   * For a library that brings its own SQL: one statement with its values, or several in one text without any. Of
   * several that fail nothing stays begun.
   */
  executeSql(text: string, values?: readonly unknown[]): Promise<SqlRow[]>;
  close(): Promise<void>;
}

/** What cannot be survived, such as a full disk under the embedded database: report it and end the process. */
export type OnFatal = (error: Error) => void;
