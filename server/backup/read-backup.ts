import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import {
  BackupFault,
  BATCH_CHARS_MAX,
  BATCH_ROWS_MAX,
  LINE_BYTES_MAX,
  parseHeader,
  parseTrailer,
  type BackupTable,
  type Header,
} from './format.ts';

const NEWLINE = 10;

/** What a reader is given, in this order: the header, then rows. */
export interface BackupSink {
  readonly onHeader: (header: Header) => Promise<void>;
  /** Each row as the JSON array that it is in the file; never more than a batch at a time. */
  readonly onRows: (table: BackupTable, rows: readonly string[]) => Promise<void>;
}

/**
 * Reads the whole file through the sink, and rejects if it is not whole: cut, changed in any bit, or with more or fewer
 * rows than it says. That is certain only at its end, so a sink must be able to take back what it did.
 */
export async function readBackup(path: string, sink: BackupSink): Promise<Header> {
  try {
    return await readLines(linesOf(path), sink);
  } catch (error) {
    throw faultOf(path, error);
  }
}

/** Reads it only to see that it is whole. */
export async function checkBackup(path: string): Promise<Header> {
  return await readBackup(path, { onHeader: () => Promise.resolve(), onRows: () => Promise.resolve() });
}

async function readLines(lines: AsyncIterator<Buffer>, sink: BackupSink): Promise<Header> {
  const hash = createHash('sha256');
  const take = async (): Promise<string> => {
    const next = await lines.next();
    if (next.done) throw new BackupFault('it ends too early');
    hash.update(next.value);
    return next.value.toString().slice(0, -1);
  };
  const header = parseHeader(await take());
  await sink.onHeader(header);
  for (const table of header.tables) await readTable(table, take, sink);
  const sha256 = hash.digest('hex');
  const last = await lines.next();
  if (last.done) throw new BackupFault('it ends too early');
  if (parseTrailer(last.value.toString()).sha256 !== sha256)
    throw new BackupFault('its content is not what was written');
  if (!(await lines.next()).done) throw new BackupFault('something follows after its end');
  return header;
}

async function readTable(table: BackupTable, take: () => Promise<string>, sink: BackupSink): Promise<void> {
  let batch: string[] = [];
  let chars = 0;
  for (let left = table.rows; left > 0; left -= 1) {
    const row = await take();
    // The trailer, before the rows that were promised.
    if (!row.startsWith('[')) throw new BackupFault('it holds fewer rows than it says');
    batch.push(row);
    chars += row.length;
    if (batch.length < BATCH_ROWS_MAX && chars < BATCH_CHARS_MAX) continue;
    await sink.onRows(table, batch);
    batch = [];
    chars = 0;
  }
  if (batch.length > 0) await sink.onRows(table, batch);
}

async function* linesOf(path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  // What fails while reading is thrown by the loop below.
  pipeline(createReadStream(path), gunzip, () => undefined);
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      parts.push(chunk.subarray(from, end + 1));
      yield parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
      parts = [];
      bytes = 0;
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
    bytes += chunk.length - from;
    if (bytes > LINE_BYTES_MAX) throw new BackupFault('a line of it is longer than any that Baton writes');
  }
  if (bytes > 0) throw new BackupFault('it ends in the middle of a line');
}

function faultOf(path: string, error: unknown): unknown {
  if (error instanceof BackupFault)
    return new BackupFault(`${path} is not a whole backup: ${error.message}.`, { cause: error });
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new BackupFault(`There is no file ${path}.`, { cause: error });
  if (code === 'EISDIR') return new BackupFault(`${path} is a folder, not a backup.`, { cause: error });
  if (code?.startsWith('Z_'))
    return new BackupFault(`${path} is not a whole backup: it is cut or damaged.`, { cause: error });
  return error;
}
