import { openAsBlob } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import type { Answer, EmbeddedPlace, Question } from './embedded-messages.ts';
import { HINT_CHANNEL } from './hints.ts';
import { SyncedNodeFS } from './synced-node-fs.ts';

/**
 * The thread in which the embedded Postgres runs: every query blocks the thread that it runs on, and the sockets must
 * not wait for a disk. It answers one question after the other, in the order they came.
 */
const port = parentPort;
if (!port) throw new Error('This file is the body of a worker thread.');

const place = workerData as EmbeddedPlace;
const tell = (answer: Answer) => port.postMessage(answer);

/** Unsynced as shipped (`-F`), and with a way of syncing that PGlite's file system does not know. */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
];

function panicIn(text: string): boolean {
  return /\bPANIC:/.test(text);
}

function onServerLog(text: string): boolean {
  // After a panic the next query would never come back, so nothing more is asked.
  if (panicIn(text)) tell({ kind: 'panic', message: text });
  return true;
}

async function open(): Promise<PGlite> {
  const synced = place.kind === 'files' ? new SyncedNodeFS(place.dataDirectory) : null;
  const pglite = await PGlite.create({
    ...(place.kind === 'memory' && place.dumpFile !== null
      ? { loadDataDir: await openAsBlob(place.dumpFile) }
      : {}),
    ...(place.kind === 'making' ? { fs: new NodeFS(place.dataDirectory) } : {}),
    ...(synced ? { fs: synced, startParams: START_PARAMETERS } : {}),
    onStderr: onServerLog,
    onStdout: onServerLog,
    // Both drivers then agree on what a bigint is read as.
    parsers: { [types.INT8]: (text: string) => text },
  });
  if (synced) await proveSync(pglite, synced);
  await pglite.listen(HINT_CHANNEL, (payload) => tell({ kind: 'hint', payload }));
  return pglite;
}

/** Without fsync everything looks the same until the power fails, so one commit is watched at every start. */
async function proveSync(pglite: PGlite, files: SyncedNodeFS): Promise<void> {
  const before = files.syncCount;
  await pglite.query(`select pg_logical_emit_message(true, 'baton', 'started')`);
  if (files.syncCount === before)
    throw new Error('The embedded database does not reach the disk when it commits.');
}

async function answer(pglite: PGlite, question: Question): Promise<Answer> {
  const { id } = question;
  try {
    if (question.kind === 'close') {
      await pglite.close();
      return { kind: 'closed', id };
    }
    return { kind: 'rows', id, ...(await run(pglite, question)) };
  } catch (error) {
    return { kind: 'error', id, error: faultOf(error) };
  }
}

/**
 * A text without parameters may hold several statements, as the driver for Postgres sends it too; the rows of all of
 * them are the answer.
 */
async function run(
  pglite: PGlite,
  { sql, parameters }: Extract<Question, { kind: 'query' }>,
): Promise<{ rows: Record<string, unknown>[]; affectedRows: number | undefined }> {
  if (parameters.length > 0) {
    const { rows, affectedRows } = await pglite.query<Record<string, unknown>>(sql, [...parameters]);
    return { rows, affectedRows };
  }
  const results = await pglite.exec(sql);
  return { rows: results.flatMap(({ rows }) => rows), affectedRows: results.at(-1)?.affectedRows };
}

/** An error loses its own fields on the way to the other thread; those of Postgres are what callers look at. */
function faultOf(error: unknown): { message: string; code?: string; constraint?: string; detail?: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const fields = error as Error & { code?: unknown; constraint?: unknown; detail?: unknown };
  return {
    message: error.message,
    ...(typeof fields.code === 'string' ? { code: fields.code } : {}),
    ...(typeof fields.constraint === 'string' ? { constraint: fields.constraint } : {}),
    ...(typeof fields.detail === 'string' ? { detail: fields.detail } : {}),
  };
}

try {
  const pglite = await open();
  let turn: Promise<void> = Promise.resolve();
  port.on('message', (question: Question) => {
    turn = turn.then(async () => {
      const reply = await answer(pglite, question);
      tell(reply);
      if (reply.kind === 'closed') port.close();
    });
  });
  tell({ kind: 'ready' });
} catch (error) {
  tell({ kind: 'failed', error: faultOf(error) });
  port.close();
}
