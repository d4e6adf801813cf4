import * as Y from 'yjs';
import { boardMeta } from '#lib/board/document.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import type { OpenedStore } from './board-store.ts';
import type { SyncEnvironment } from './environment.ts';
import { lostStorage } from './session-status.ts';
import type { StorageStatus } from './session-status.ts';
import { SnapshotSaver } from './snapshot-saver.ts';
import type { SnapshotCapture } from './snapshot-saver.ts';
import { SnapshotStore } from './snapshot-store.ts';

export interface StoredBoardOptions {
  readonly opened: OpenedStore;
  readonly boardId: BoardId;
  readonly userId: UserId;
  readonly locks: SyncEnvironment['locks'];
  readonly now: () => number;
  /** What is to be kept: the document as it is shown, and how far the browser's clock is off. */
  readonly shown: () => { readonly doc: Y.Doc; readonly clockOffsetMs: number };
  /** Writing has failed. */
  readonly onLost: (error: unknown) => void;
}

/** What this browser keeps of one board. Where it keeps nothing all of it does nothing, and `storage` says why. */
export class StoredBoard {
  readonly #options: StoredBoardOptions;
  readonly #saver: SnapshotSaver | null;
  /** False: this browser has never kept this board, so that the first one to come is kept at once. */
  #isStored: boolean;
  #storage: StorageStatus;

  constructor(options: StoredBoardOptions) {
    const { database, snapshot, storage } = options.opened;
    this.#options = options;
    this.#isStored = snapshot !== null;
    this.#storage = storage;
    const capture = () => this.#capture();
    this.#saver = database && new SnapshotSaver(new SnapshotStore(database), capture, options.onLost);
  }

  get storage(): StorageStatus {
    return this.#storage;
  }

  /** What is shown has changed, or accepted commands wait to leave the disk together with it. */
  schedule(): void {
    this.#saver?.schedule(this.#options.now());
  }

  /** The whole board is shown as the server has it. */
  arrived(): void {
    if (!this.#isStored) void this.#saver?.flush();
    this.#isStored = true;
  }

  /** Writes now what is due. */
  async flush(): Promise<void> {
    await this.#saver?.flush();
  }

  /** The store was taken away, or has failed. */
  lose(error: unknown): void {
    // The first reason is the cause; the others follow from it.
    if (this.#storage.kind === 'ok') this.#storage = lostStorage(error, 'lost');
    this.#saver?.stop();
  }

  /** Nothing is written from now on. */
  stop(): void {
    this.#saver?.stop();
  }

  /**
   * The server lets this user no longer onto the board: what it has told of it is deleted here. Never rejects: what
   * stands in the way now does not the next time, when the board is opened and refused again.
   */
  async forget(): Promise<void> {
    const { opened, ...board } = this.#options;
    if (!opened.database) return;
    this.stop();
    try {
      // What is being written would come back.
      await this.#saver?.flush();
      const { forgetBoard } = await import('./forget-board.ts');
      await forgetBoard(opened.database, board);
    } catch (error) {
      console.warn('A board that is not open to this user any more could not be deleted here.', error);
    }
  }

  #capture(): SnapshotCapture | null {
    const { boardId, now, shown } = this.#options;
    const { doc, clockOffsetMs } = shown();
    const { epoch, seq } = boardMeta(doc);
    if (epoch === 0) return null;
    const head = { boardId, epoch, seq, savedAt: now(), clockOffsetMs };
    return { head, encode: () => Y.encodeStateAsUpdate(doc) };
  }
}
