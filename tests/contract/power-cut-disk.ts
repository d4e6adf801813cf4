import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { RecordedChange } from './power-cut-trace.ts';

const PAGE_BYTES = 4_096;
/** What a disk writes whole. */
const SECTOR_BYTES = 512;

type ContentChange = Extract<RecordedChange, { kind: 'written' | 'truncated' }>;
/** A name in a folder comes to stand for a file, or for none. */
interface NameChange {
  readonly path: string;
  readonly file: number;
  readonly isThere: boolean;
}
interface DiskFile {
  readonly isFolder: boolean;
  onDisk: Buffer;
  pending: ContentChange[];
}

/** A number from 0 up to below the bound. */
export type Random = (below: number) => number;

/**
 * A disk under a machine whose power may fail. What was fsynced is there. Of each file's later changes any may be there,
 * page by page, in any order, and a page may be half there. A name that was made, changed or removed is there once the
 * file or its folder was fsynced; of the other such changes, those up to some moment are, as journals keep them.
 */
export class Disk {
  readonly #base: string;
  readonly #root: string;
  readonly #files = new Map<number, DiskFile>();
  /** By path; null: there is nothing any more. What is not in here is as in the base. */
  readonly #names = new Map<string, number | null>();
  #pendingNames: NameChange[] = [];
  readonly #pathOf = new Map<number, string>();

  /** `base` is a copy of the folder as it was on the disk before its first change; `root` is the folder. */
  constructor(base: string, root: string) {
    this.#base = base;
    this.#root = root;
  }

  take(change: RecordedChange): void {
    switch (change.kind) {
      case 'found':
        this.#addFound(change.file, change.path);
        break;
      case 'created':
        this.#files.set(change.file, { isFolder: change.isFolder, onDisk: Buffer.alloc(0), pending: [] });
        this.#name(change.path, change.file, true);
        break;
      case 'renamed':
        this.#name(change.path, change.file, true);
        this.#name(change.from, change.file, false);
        this.#pathOf.set(change.file, change.path);
        break;
      case 'removed':
        this.#name(change.path, change.file, false);
        break;
      case 'synced':
        this.#sync(change.file);
        break;
      case 'written':
      case 'truncated':
        this.#file(change.file).pending.push(change);
    }
  }

  /** Makes the folder as it may be after the power failed now; without `random`, as it is if nothing was lost. */
  writeImage(folder: string, random: Random | null): void {
    cpSync(this.#base, folder, { recursive: true });
    const names = new Map(this.#names);
    const kept = random ? random(this.#pendingNames.length + 1) : this.#pendingNames.length;
    for (const { path, file, isThere } of this.#pendingNames.slice(0, kept))
      names.set(path, isThere ? file : null);
    for (const [path, number] of names) {
      const target = join(folder, relative(this.#root, path));
      if (number === null) rmSync(target, { recursive: true, force: true });
      else this.#writeFile(target, this.#file(number), random);
    }
  }

  #writeFile(target: string, file: DiskFile, random: Random | null): void {
    if (file.isFolder) {
      mkdirSync(target, { recursive: true });
      return;
    }
    // A folder that was lost takes its files with it.
    if (!existsSync(dirname(target))) return;
    let content: Buffer = Buffer.from(file.onDisk);
    const how = random ? random(3) : 1;
    if (how === 1 || !random) for (const change of file.pending) content = applied(content, change);
    else if (how === 2) for (const change of file.pending) content = partlyApplied(content, change, random);
    writeFileSync(target, content);
  }

  #addFound(number: number, path: string): void {
    const source = join(this.#base, relative(this.#root, path));
    const isFolder = statSync(source).isDirectory();
    this.#files.set(number, {
      isFolder,
      onDisk: isFolder ? Buffer.alloc(0) : readFileSync(source),
      pending: [],
    });
    this.#names.set(path, number);
    this.#pathOf.set(number, path);
  }

  #name(path: string, file: number, isThere: boolean): void {
    this.#pendingNames.push({ path, file, isThere });
    if (isThere) this.#pathOf.set(file, path);
  }

  #sync(number: number): void {
    const file = this.#file(number);
    for (const change of file.pending) file.onDisk = applied(file.onDisk, change);
    file.pending = [];
    const folder = file.isFolder ? this.#pathOf.get(number) : undefined;
    const isSynced = (name: NameChange) => name.file === number || dirname(name.path) === folder;
    for (const name of this.#pendingNames.filter(isSynced))
      this.#names.set(name.path, name.isThere ? name.file : null);
    this.#pendingNames = this.#pendingNames.filter((name) => !isSynced(name));
  }

  #file(number: number): DiskFile {
    const file = this.#files.get(number);
    if (!file) throw new Error(`The trace does not say what file ${number} is.`);
    return file;
  }
}

/** Changes the content itself where that is long enough: a copy of a whole file for each page would take minutes. */
function applied(content: Buffer, change: ContentChange): Buffer {
  if (change.kind === 'truncated') return resized(content, change.size);
  const end = change.at + change.data.length;
  const result = end > content.length ? resized(content, end) : content;
  change.data.copy(result, change.at);
  return result;
}

function partlyApplied(content: Buffer, change: ContentChange, random: Random): Buffer {
  if (change.kind === 'truncated') return random(2) === 0 ? content : applied(content, change);
  let result = content;
  for (let from = 0; from < change.data.length;) {
    const at = change.at + from;
    const length = Math.min(PAGE_BYTES - (at % PAGE_BYTES), change.data.length - from);
    const fate = random(8);
    const torn = SECTOR_BYTES * random(PAGE_BYTES / SECTOR_BYTES);
    const kept = fate < 4 ? 0 : fate < 7 ? length : Math.min(torn, length);
    if (kept > 0) result = applied(result, { ...change, at, data: change.data.subarray(from, from + kept) });
    from += length;
  }
  return result;
}

function resized(content: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size);
  content.copy(result, 0, 0, size);
  return result;
}
