import type { SnapshotStore } from './snapshot-store.ts';
import type { SnapshotHead } from './user-database.ts';

const QUIET_MS = 2_000;
const LATEST_MS = 10_000;

export interface SnapshotCapture {
  readonly head: SnapshotHead;
  readonly encode: () => Uint8Array;
}

/**
 * Writes the shown board to disk some time after it has changed, and not for each change: it is written as a whole, and
 * losing the last seconds costs nothing, the server has them. The first of a visit is written at once: until then the
 * disk may hold no board at all, and a reload without a network would find nothing.
 */
export class SnapshotSaver {
  readonly #store: SnapshotStore;
  /** Null: there is nothing worth keeping yet. */
  readonly #capture: () => SnapshotCapture | null;
  readonly #onError: (error: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #dueBy = 0;
  #saving: Promise<void> | null = null;
  #hasSaved = false;
  #isStopped = false;

  constructor(
    store: SnapshotStore,
    capture: () => SnapshotCapture | null,
    onError: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#capture = capture;
    this.#onError = onError;
  }

  schedule(nowMs: number): void {
    if (this.#isStopped) return;
    if (this.#timer === null) this.#dueBy = nowMs + LATEST_MS;
    else clearTimeout(this.#timer);
    const waitMs = this.#hasSaved ? Math.max(0, Math.min(QUIET_MS, this.#dueBy - nowMs)) : 0;
    this.#timer = setTimeout(() => void this.flush(), waitMs);
  }

  /** Writes now what is due. A page that ends has begun to write it, but not every browser lets it finish. */
  flush(): Promise<void> {
    if (this.#timer === null) return this.#saving ?? Promise.resolve();
    clearTimeout(this.#timer);
    this.#timer = null;
    const capture = this.#isStopped ? null : this.#capture();
    if (!capture) return Promise.resolve();
    this.#hasSaved = true;
    const saving = this.#store
      .save(capture.head, capture.encode)
      // Most likely the disk is full. An older board without the commands decided since would be worse than none.
      .catch(() => this.#store.forget(capture.head))
      .catch(this.#onError);
    this.#saving = saving;
    return saving;
  }

  /** Nothing is written any more: the store is gone. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
