import type { BoardId } from '#lib/workflow/ids.ts';
import type { Logger } from '../logger.ts';
import type { OpenDatabase } from '../persistence/database.ts';
import { allBoards } from '../persistence/board-rows.ts';
import { boardsBehind } from '../persistence/log-cursor.ts';
import { forgetOld } from '../persistence/notification-store.ts';
import { followLog } from './follow-log.ts';
import { tellLimits } from './tell-limits.ts';

/** What is decided in a burst is told in one go; nobody notices so short a wait. */
const FOLLOW_AFTER_MS = 250;
/** How often a node looks for boards that nobody has read on, in case a hint was lost or a node has died. */
const LOOK_EVERY_MS = 5_000;

/** Tells people what happens on their boards: follows the logs, and looks at the limits when it is asked to. */
export class Bell {
  readonly #database: OpenDatabase;
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #due = new Set<BoardId>();
  #stopListening: (() => Promise<void>) | null = null;
  #look: NodeJS.Timeout | null = null;
  #follow: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor({ database, now, logger }: { database: OpenDatabase; now: () => number; logger: Logger }) {
    this.#database = database;
    this.#now = now;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    this.#stopListening = await this.#database.listen((hint) => {
      if (hint.kind === 'board') this.#schedule(hint.boardId);
    });
    this.#look = setInterval(() => void this.look(), LOOK_EVERY_MS);
    await this.look();
  }

  /** Reads on the log of every board that is behind. */
  async look(): Promise<void> {
    await this.#attempt(async () => {
      for (const boardId of await boardsBehind(this.#database.db, 'bell')) this.#schedule(boardId);
    });
  }

  /** Tells of what has come half-way to its limit or past it, on every board, and forgets what is old. */
  async tick(): Promise<void> {
    const nowMs = this.#now();
    for (const boardId of await allBoards(this.#database.db)) {
      if (this.#isOver) return;
      await this.#attempt(() => tellLimits(this.#database.db, boardId, nowMs));
    }
    await forgetOld(this.#database.db, nowMs);
  }

  /** Begins nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#isOver = true;
    if (this.#look !== null) clearInterval(this.#look);
    if (this.#follow !== null) clearTimeout(this.#follow);
    await this.#stopListening?.();
    await this.#running;
  }

  #schedule(boardId: BoardId): void {
    this.#due.add(boardId);
    if (this.#isOver || this.#follow !== null) return;
    this.#follow = setTimeout(() => {
      this.#follow = null;
      this.#running = this.#running.then(() => this.#followDue());
    }, FOLLOW_AFTER_MS);
  }

  async #followDue(): Promise<void> {
    const due = [...this.#due];
    this.#due.clear();
    for (const boardId of due) {
      if (this.#isOver) return;
      await this.#attempt(() => followLog(this.#database.db, boardId));
    }
  }

  /** Nothing is lost: how far a log was read is on record, and the next look finds the board behind. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.warn(
        { error },
        'People of a board could not be told what happened; it is tried again soon.',
      );
    }
  }
}
