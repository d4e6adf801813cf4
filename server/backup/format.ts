import * as v from 'valibot';
import { parseJson } from './parse-json.ts';

/**
 * A backup is gzip'd lines of UTF-8: one header, then one line a row, in the order of the header's tables, then one
 * trailer. A row is a JSON array with each value as Postgres writes it as text, or null: that is exact for every type,
 * and means the same to every version of Postgres, embedded or not.
 */
export const FORMAT = 1;

/** A longer line than this is neither written nor read. The longest today is an item document's update. */
export const LINE_BYTES_MAX = 64 * 1024 * 1024;

/** How much of a table is held in memory at once: whichever is reached first. */
export const BATCH_ROWS_MAX = 500;
export const BATCH_CHARS_MAX = 1024 * 1024;

const headerSchema = v.object({
  backup: v.literal('baton'),
  format: v.number(),
  /** The last migration of the database that it was made from. */
  schema: v.string(),
  at: v.string(),
  tables: v.array(
    v.object({
      name: v.string(),
      columns: v.array(v.object({ name: v.string(), type: v.string() })),
      rows: v.number(),
    }),
  ),
});
export type Header = v.InferOutput<typeof headerSchema>;
export type BackupTable = Header['tables'][number];

const trailerSchema = v.object({ sha256: v.string() });
export type Trailer = v.InferOutput<typeof trailerSchema>;

/** A fault that the person at the keyboard can do something about, in one sentence. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
}

export function parseHeader(line: string): Header {
  const parsed = v.safeParse(headerSchema, parseJson(line));
  if (!parsed.success) throw new BackupFault('it does not begin like a backup of Baton');
  if (parsed.output.format !== FORMAT)
    throw new BackupFault(`its format is ${parsed.output.format}, and this version of Baton reads ${FORMAT}`);
  return parsed.output;
}

export function parseTrailer(line: string): Trailer {
  const parsed = v.safeParse(trailerSchema, parseJson(line));
  if (!parsed.success) throw new BackupFault('it holds more rows than it says');
  return parsed.output;
}
