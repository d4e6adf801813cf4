import { addItem, forgetClosedBefore } from '#lib/workflow/board-state.ts';
import type { Entry } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import type { Logger } from '../logger.ts';
import {
  COMMIT_BATCH_MAX,
  type CommandLog,
  type Outcome,
  type Submission,
} from '../persistence/command-log.ts';
import { isUnableToSave } from '../persistence/store-fault.ts';
import { CappedCounts } from './admission.ts';
import { Undecided } from './verdicts.ts';

/** Commands that may wait on one board: beyond it new ones are turned away, and their senders try again. */
const WAITING_MAX = 5_000;
/** Of one person, so that nobody fills the line alone: more than the outbox of a browser that comes back after days. */
export const WAITING_PER_PERSON_MAX = 1_000;
/** How often a command is tried that fails while the database answers. */
const ATTEMPTS_MAX = 3;
/** Verdicts kept in memory for commands that depend on them; older ones are read from the log. */
const VERDICTS_MAX = 10_000;

/** `source`: whose commands must stay in order, a connection. `waits`: keep it while the database is down. */
export interface SubmitOptions {
  readonly source?: object;
  readonly waits: boolean;
}

interface Waiting extends SubmitOptions {
  readonly submission: Submission;
  attempts: number;
  resolve(outcome: Outcome): void;
  reject(reason: Undecided): void;
}

export interface CommitLineOptions {
  readonly state: BoardState;
  /** When the state was read, at the latest. */
  readonly checkedAt: number;
  readonly log: CommandLog;
  readonly now: () => number;
  readonly logger: Logger;
  /** The state has just evolved through these; the verdicts leave after this returns. */
  readonly onEntries: (entries: readonly Entry[]) => void;
  /** `store` is another than before. */
  readonly onStoreTurned: () => void;
  /** A bug: the state can no longer be trusted. Called once; nothing is decided after it. */
  readonly onBroken: (error: unknown) => void;
}

/**
 * The one place where a board's state moves on: commits and looks at the log go through it one after the other. While
 * one commit runs, further commands gather into the next. A command that meets a dead database stays in line and is
 * tried again after the next look, so that no later command of the same person overtakes it.
 */
export class CommitLine {
  readonly #options: CommitLineOptions;
  readonly #waiting: Waiting[] = [];
  readonly #perPerson = new CappedCounts(WAITING_PER_PERSON_MAX);
  #lookers: (() => void)[] = [];
  readonly #settlers: (() => void)[] = [];
  #forgetBeforeMs: number | null = null;
  #isRunning = false;
  #isClosed = false;
  /** How many of the first in line are tried one by one, because together they failed. */
  #singly = 0;
  /** It was read since it last failed: a commit may be tried. */
  #isReachable = true;
  /** The last commit failed because nothing can be stored now. Only one that works shows that this is over. */
  #isUnableToSave = false;
  store: 'ok' | 'down' = 'ok';
  checkedAt: number;

  constructor(options: CommitLineOptions) {
    this.#options = options;
    this.checkedAt = options.checkedAt;
  }

  get isIdle(): boolean {
    return !this.#isRunning && this.#waiting.length === 0;
  }

  /** The verdict of this command once it is durable; rejects with `Undecided` and with nothing else. */
  submit(submission: Submission, { waits, ...options }: SubmitOptions): Promise<Outcome> {
    const { actorId } = submission;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new Undecided('closed'));
      if (this.#waiting.length >= WAITING_MAX || this.#perPerson.isFull(actorId))
        return reject(new Undecided('overloaded'));
      if (this.store === 'down' && !waits) return reject(new Undecided('storeDown'));
      this.#perPerson.add(actorId);
      const leaving =
        <Answer>(answer: (given: Answer) => void) =>
        (given: Answer) => {
          this.#perPerson.remove(actorId);
          answer(given);
        };
      const settling = { resolve: leaving(resolve), reject: leaving(reject) };
      this.#waiting.push({ submission, waits, ...options, attempts: 0, ...settling });
      void this.#run();
    });
  }

  /** Compares the state with the log and takes in what is missing. Never rejects. */
  look(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#lookers.push(resolve);
      void this.#run();
    });
  }

  /**
   * Forgets items that were closed before this time; whoever decides on one reads its row again. In line with the rest,
   * because a commit that runs counts on every item that was there when it began.
   */
  forget(closedBeforeMs: number): void {
    this.#forgetBeforeMs = closedBeforeMs;
    void this.#run();
  }

  /** Resolves when nobody waits for a verdict any more. */
  settle(): Promise<void> {
    if (this.isIdle || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#settlers.push(resolve));
  }

  close(why: Undecided['why'] = 'closed'): void {
    this.#isClosed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new Undecided(why));
    for (const resolve of this.#lookers.splice(0)) resolve();
    for (const resolve of this.#settlers.splice(0)) resolve();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (!this.#isClosed && this.#hasWork) {
        if (this.#forgetBeforeMs !== null) this.#forget(this.#forgetBeforeMs);
        if (this.#lookers.length > 0) await this.#look();
        if (this.#waiting.length > 0 && this.#isReachable) await this.#commitNext();
      }
    } catch (error) {
      this.close('failed');
      this.#options.onBroken(error);
    } finally {
      this.#isRunning = false;
      if (this.#waiting.length === 0) for (const resolve of this.#settlers.splice(0)) resolve();
    }
  }

  get #hasWork(): boolean {
    return (
      this.#forgetBeforeMs !== null ||
      this.#lookers.length > 0 ||
      (this.#waiting.length > 0 && this.#isReachable)
    );
  }

  #forget(closedBeforeMs: number): void {
    this.#forgetBeforeMs = null;
    forgetClosedBefore(this.#options.state, closedBeforeMs);
  }

  async #look(): Promise<void> {
    const lookers = this.#lookers;
    this.#lookers = [];
    try {
      const asOfMs = this.#options.now();
      const caughtUp = await this.#reach(() => this.#options.log.catchUp(this.#options.state));
      if (caughtUp === null) return;
      this.#isReachable = true;
      this.checkedAt = asOfMs;
      this.#apply(caughtUp.loadedItems, caughtUp.missed);
      // Whoever waits for a full disk is not told that all is well every time that it could be read.
      if (this.#waiting.length === 0 || !this.#isUnableToSave) this.#turnStore('ok');
    } finally {
      for (const resolve of lookers) resolve();
    }
  }

  async #commitNext(): Promise<void> {
    const size = this.#singly > 0 ? 1 : COMMIT_BATCH_MAX;
    const batch = this.#waiting.slice(0, size);
    const asOfMs = this.#options.now();
    let result;
    try {
      const submissions = batch.map(({ submission }) => submission);
      result = await this.#options.log.commit(this.#options.state, submissions, asOfMs);
    } catch (error) {
      return await this.#afterFailure(batch, error);
    }
    this.checkedAt = asOfMs;
    this.#singly = Math.max(0, this.#singly - batch.length);
    if (this.#isClosed) return;
    this.#waiting.splice(0, batch.length);
    this.#apply(result.loadedItems, [...result.missed, ...result.entries]);
    this.#turnStore('ok');
    batch.forEach((waiting, index) => {
      const outcome = result.outcomes[index];
      if (outcome) waiting.resolve(outcome);
    });
  }

  /** One bad command must not take the others of its batch with it, and a dead database must cost nobody a command. */
  async #afterFailure(batch: readonly Waiting[], error: unknown): Promise<void> {
    const { log, logger, state } = this.#options;
    logger.warn({ error, boardId: state.boardId, commands: batch.length }, 'A commit failed.');
    if (isUnableToSave(error)) {
      this.#isUnableToSave = true;
      return this.#takeForDown(error);
    }
    if ((await this.#reach(() => log.headSeq(state.boardId))) === null) return;
    const [first] = batch;
    if (batch.length > 1 || !first) {
      this.#singly = batch.length;
      return;
    }
    first.attempts += 1;
    if (first.attempts < ATTEMPTS_MAX) return;
    logger.error(
      { error, boardId: state.boardId, commandId: first.submission.command.id },
      'A command keeps failing.',
    );
    this.#singly = Math.max(0, this.#singly - 1);
    this.#turnAway(
      (waiting) => waiting === first || isSameSource(waiting, first),
      new Undecided('failed', { cause: error }),
    );
  }

  /** Null, and the store counts as down, when the database does not answer. */
  async #reach<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await ask();
    } catch (error) {
      if (this.store === 'ok') {
        this.#options.logger.warn(
          { error, boardId: this.#options.state.boardId },
          'The database does not answer.',
        );
      }
      this.#takeForDown(error);
      return null;
    }
  }

  #turnStore(store: 'ok' | 'down'): void {
    if (store === 'ok') this.#isUnableToSave = false;
    if (this.store === store) return;
    this.store = store;
    this.#options.onStoreTurned();
  }

  /** Until the next look. */
  #takeForDown(error: unknown): void {
    this.#turnStore('down');
    this.#isReachable = false;
    this.#turnAway((waiting) => !waiting.waits, new Undecided('storeDown', { cause: error }));
  }

  /** What one connection sent later may build on what is turned away, so it goes too. */
  #turnAway(isMeant: (waiting: Waiting) => boolean, reason: Undecided): void {
    const gone = this.#waiting.filter(isMeant);
    if (gone.length === 0) return;
    const kept = this.#waiting.filter((waiting) => !gone.includes(waiting));
    this.#waiting.splice(0, this.#waiting.length, ...kept);
    for (const waiting of gone) waiting.reject(reason);
  }

  #apply(items: readonly Item[], entries: readonly Entry[]): void {
    const { state, onEntries } = this.#options;
    for (const item of items) addItem(state, item);
    for (const entry of entries) evolve(state, entry);
    forgetOldVerdicts(state);
    if (entries.length > 0) onEntries(entries);
  }
}

function isSameSource(one: Waiting, other: Waiting): boolean {
  return one.source !== undefined && one.source === other.source;
}

function forgetOldVerdicts({ verdicts }: BoardState): void {
  if (!(verdicts instanceof Map) || verdicts.size <= VERDICTS_MAX) return;
  const ids = [...verdicts.keys()];
  for (const id of ids.slice(0, ids.length - VERDICTS_MAX / 2)) verdicts.delete(id);
}
