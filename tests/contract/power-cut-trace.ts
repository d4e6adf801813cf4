import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import workerThreads, { Worker, type WorkerOptions } from 'node:worker_threads';

/** One change to the files under a folder, or the promise that a file's changes are on the disk. */
export type DiskChange =
  /** It was there before the recording. */
  | { readonly kind: 'found'; readonly file: number; readonly path: string }
  | { readonly kind: 'created'; readonly file: number; readonly path: string; readonly isFolder: boolean }
  | { readonly kind: 'written'; readonly file: number; readonly at: number }
  | { readonly kind: 'truncated'; readonly file: number; readonly size: number }
  | { readonly kind: 'renamed'; readonly file: number; readonly from: string; readonly path: string }
  | { readonly kind: 'removed'; readonly file: number; readonly path: string }
  | { readonly kind: 'synced'; readonly file: number };

export type RecordedChange = DiskChange & { readonly data: Buffer };

const RECORDER = new URL('power-cut-recorder.ts', import.meta.url);

export interface RecordingOptions {
  readonly root: string;
  readonly trace: string;
  /** As PGlite comes: without fsync. */
  readonly isAsShipped: boolean;
}

/**
 * Lets every embedded database that is opened while `task` runs write down what it does to its files. `position` says
 * how far the trace has come.
 */
export async function whileRecording<Value>(
  options: RecordingOptions,
  task: (position: () => number) => Promise<Value>,
): Promise<Value> {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const { isAsShipped, ...places } = options;
  class RecordingWorker extends Worker {
    constructor(_body: URL, { workerData, ...given }: WorkerOptions) {
      const place = workerData as { kind: string };
      // A database in the making is opened without fsync, just as PGlite comes.
      const kind = isAsShipped ? 'making' : place.kind;
      super(RECORDER, { ...given, workerData: { ...place, kind, recording: { ...places, counter } } });
    }
  }
  return await withWorkers(RecordingWorker, () => task(() => Atomics.load(counter, 0)));
}

/** Ends the threads that `task` starts, whether or not they would end by themselves: a broken database may spin. */
export async function endingThreads<Value>(task: () => Promise<Value>): Promise<Value> {
  const started: Worker[] = [];
  class KnownWorker extends Worker {
    constructor(body: URL, options: WorkerOptions) {
      super(body, options);
      started.push(this);
    }
  }
  try {
    return await withWorkers(KnownWorker, task);
  } finally {
    await Promise.all(started.map((worker) => worker.terminate()));
  }
}

async function withWorkers<Value>(
  replacement: new (body: URL, options: WorkerOptions) => Worker,
  task: () => Promise<Value>,
): Promise<Value> {
  Object.assign(workerThreads, { Worker: replacement });
  syncBuiltinESMExports();
  try {
    return await task();
  } finally {
    Object.assign(workerThreads, { Worker });
    syncBuiltinESMExports();
  }
}

export function readTrace(path: string): RecordedChange[] {
  const content = readFileSync(path);
  const changes: RecordedChange[] = [];
  for (let at = 0; at < content.length;) {
    const headEnd = at + 4 + content.readUInt32LE(at);
    const head = JSON.parse(content.toString('utf8', at + 4, headEnd)) as DiskChange & { bytes: number };
    at = headEnd + head.bytes;
    changes.push({ ...head, data: content.subarray(headEnd, at) });
  }
  return changes;
}
