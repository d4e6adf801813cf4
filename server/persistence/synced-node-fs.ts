import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type PostgresModule = PGlite['Module'];
type EmscriptenOptions = Partial<PostgresModule>;

/** The parts of Emscripten's file system for Node that matter here; its own types leave them out. */
interface NodeFileSystem {
  stream_ops: { fsync?: (stream: OpenFile) => number };
  realPath(node: unknown): string;
}
interface OpenFile {
  readonly node: unknown;
  /** Missing for a directory, which is opened here in name only. */
  readonly nfd?: number;
}

/**
 * The files of the embedded Postgres, with fsync. As shipped, PGlite's file system answers every fsync with success and
 * does nothing: an acknowledged commit then outlives the process, but not a power cut.
 */
export class SyncedNodeFS extends NodeFS {
  /** How often Postgres asked for its data to be on the disk and it was done. */
  syncCount = 0;

  override async init(
    pg: PGlite,
    options: EmscriptenOptions,
  ): Promise<{ emscriptenOpts: EmscriptenOptions }> {
    const { emscriptenOpts } = await super.init(pg, options);
    const wireSync = (module: PostgresModule): void => {
      const { NODEFS, FS } = module as unknown as {
        NODEFS: NodeFileSystem;
        FS: { ErrnoError: ErrnoErrorClass };
      };
      NODEFS.stream_ops.fsync = (file) => {
        try {
          this.#sync(file, NODEFS);
        } catch {
          // Postgres must hear that the disk failed: it then panics, rather than call the commit done.
          throw new FS.ErrnoError(EIO);
        }
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), wireSync] } };
  }

  #sync(file: OpenFile, files: NodeFileSystem): void {
    if (file.nfd !== undefined) fsyncSync(file.nfd);
    else syncPath(files.realPath(file.node));
    this.syncCount += 1;
  }
}

type ErrnoErrorClass = new (errno: number) => Error;
/** As WASI numbers it, which is how Emscripten does. */
const EIO = 29;

/** Of a file or a directory: a new file is there after a power cut only if its directory was synced as well. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
