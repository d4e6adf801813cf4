import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { DiskChange } from './power-cut-trace.ts';

// The body of the embedded database's thread, with an ear on every change it makes to its files: they are written down
// one after the other, in the order in which the machine was asked for them.

interface Recording {
  readonly root: string;
  readonly trace: string;
  /** How many changes have been written down: whoever is told of a commit looks how far the trace had come. */
  readonly counter: Int32Array;
}
const { recording } = workerData as { recording: Recording };
const real = { ...fs };
const trace = real.openSync(recording.trace, 'a');

/** A number for each file, which it keeps when it is renamed. */
const numbers = new Map<string, number>();
const open = new Map<number, number>();
let lastNumber = 0;

function record(change: DiskChange, data: Uint8Array = new Uint8Array()): void {
  const head = Buffer.from(JSON.stringify({ ...change, bytes: data.length }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  real.writeSync(trace, Buffer.concat([length, head, data]));
  Atomics.add(recording.counter, 0, 1);
}

const isInside = (path: unknown): path is string =>
  typeof path === 'string' && resolve(path).startsWith(recording.root);

function numberOf(path: string): number {
  const known = numbers.get(resolve(path));
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(resolve(path), lastNumber);
  record({ kind: 'found', file: lastNumber, path: resolve(path) });
  return lastNumber;
}

function created(path: string, isFolder: boolean): void {
  lastNumber += 1;
  numbers.set(resolve(path), lastNumber);
  record({ kind: 'created', file: lastNumber, path: resolve(path), isFolder });
}

/** What stands in for a function of `fs` while it is listened to. */
type Heard = Record<string, (...given: never[]) => unknown>;
const heard: Heard = {
  openSync(path: fs.PathLike, flags?: fs.OpenMode, mode?: fs.Mode) {
    if (!isInside(path)) return real.openSync(path, flags ?? 'r', mode);
    const existed = real.existsSync(path);
    const descriptor = real.openSync(path, flags ?? 'r', mode);
    if (!existed) created(path, false);
    const file = numberOf(path);
    open.set(descriptor, file);
    if (typeof flags === 'number' && (flags & fs.constants.O_TRUNC) !== 0)
      record({ kind: 'truncated', file, size: 0 });
    return descriptor;
  },
  closeSync(descriptor: number) {
    open.delete(descriptor);
    real.closeSync(descriptor);
  },
  writeFileSync(path: string, data: string, options?: fs.WriteFileOptions) {
    if (isInside(path) && data !== '') throw new Error('The recorder knows no such writing.');
    const existed = real.existsSync(path);
    real.writeFileSync(path, data, options);
    if (!isInside(path)) return;
    if (existed) record({ kind: 'truncated', file: numberOf(path), size: 0 });
    // Node may open it with the function above, which has then written it down already.
    else if (!numbers.has(resolve(path))) created(path, false);
  },
  writeSync(descriptor: number, data: Uint8Array, ...place: [number, number, number]) {
    const [offset, length, position] = place;
    const written = real.writeSync(descriptor, data, offset, length, position);
    const file = open.get(descriptor);
    if (file === undefined) return written;
    if (typeof position !== 'number') throw new Error('The recorder knows no writing without a place.');
    const bytes = new Uint8Array(data.buffer, data.byteOffset + offset, written);
    record({ kind: 'written', file, at: position }, bytes);
    return written;
  },
  ftruncateSync(descriptor: number, size = 0) {
    real.ftruncateSync(descriptor, size);
    const file = open.get(descriptor);
    if (file !== undefined) record({ kind: 'truncated', file, size });
  },
  truncateSync(path: string, size = 0) {
    real.truncateSync(path, size);
    if (isInside(path)) record({ kind: 'truncated', file: numberOf(path), size });
  },
  mkdirSync(path: string, options?: fs.MakeDirectoryOptions) {
    const made = real.mkdirSync(path, options);
    if (isInside(path)) created(path, true);
    return made;
  },
  renameSync(from: string, to: string) {
    const file = isInside(from) ? numberOf(from) : null;
    real.renameSync(from, to);
    if (file === null) return;
    numbers.delete(resolve(from));
    numbers.set(resolve(to), file);
    record({ kind: 'renamed', file, from: resolve(from), path: resolve(to) });
  },
  unlinkSync(path: string) {
    removed(path, () => real.unlinkSync(path));
  },
  rmdirSync(path: string) {
    removed(path, () => real.rmdirSync(path));
  },
  fsyncSync(descriptor: number) {
    real.fsyncSync(descriptor);
    const file = open.get(descriptor);
    if (file !== undefined) record({ kind: 'synced', file });
  },
};

function removed(path: string, remove: () => void): void {
  const file = isInside(path) ? numberOf(path) : null;
  remove();
  if (file === null) return;
  numbers.delete(resolve(path));
  record({ kind: 'removed', file, path: resolve(path) });
}

Object.assign(fs, heard);
syncBuiltinESMExports();
await import('../../server/persistence/embedded-worker.ts');
