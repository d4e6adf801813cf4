import { FRAME, encodeJsonFrame } from '#lib/protocol/frames.ts';
import type { BoardId, CommandId, UserId } from '#lib/workflow/ids.ts';
import type { SyncEnvironment } from './environment.ts';
import type { Outbox } from './outbox.ts';
import { PacedBudget } from './paced-budget.ts';
import type { Pace } from './paced-budget.ts';

/** As many as the server commits at once; so a long outbox does not pile up in a socket's buffer. */
const IN_FLIGHT_MAX = 32;
/**
 * Slower than what the server allows one connection (600 messages and 4 MiB at once, then 60 and 256 KiB a second), so
 * that an outbox of a week without network does not get its own connection closed.
 */
const MESSAGES: Pace = { burst: 400, perSecond: 45 };
const BYTES: Pace = { burst: 2 * 1024 * 1024, perSecond: 192 * 1024 };
const PACE_WAIT_MS = 250;
/** A verdict takes milliseconds. After this long the command or its verdict is taken for lost, and sent again. */
const RESEND_AFTER_MS = 5_000;

/** Of one board and not of the user, because a tab has a connection to its own board only. */
export function outboxLockName(userId: UserId, boardId: BoardId): string {
  return `baton-outbox-${userId}-${boardId}`;
}

export interface OutboxSenderOptions {
  readonly outbox: Outbox;
  readonly environment: Pick<SyncEnvironment, 'locks' | 'monotonicNow'>;
  readonly lockName: string;
  readonly onSent: (ids: readonly CommandId[]) => void;
}

/** False: not sent, the connection is down. */
export type SendFrame = (frame: Uint8Array<ArrayBuffer>) => boolean;

/**
 * Sends one board's outbox, in order, while this tab holds the lock. The lock is held only while the tab is connected,
 * so that a tab which sleeps, or was signed out, does not keep the others from sending. Two senders would do no harm
 * (the server decides an id once), only double work.
 */
export class OutboxSender {
  readonly #options: OutboxSenderOptions;
  #send: SendFrame | null = null;
  #holdsLock = false;
  #release: () => void = () => undefined;
  /** By id, when it was sent over this connection. */
  #inFlight = new Map<CommandId, number>();
  /** Not before the first heartbeat has said so: a command for a database that is down would close the connection. */
  #isStoreOk = false;
  #messages: PacedBudget;
  #bytes: PacedBudget;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: OutboxSenderOptions) {
    this.#options = options;
    this.#messages = new PacedBudget(MESSAGES, options.environment.monotonicNow());
    this.#bytes = new PacedBudget(BYTES, options.environment.monotonicNow());
  }

  /** The server is there and speaks our version. All that has no verdict is sent, again where it was sent before. */
  start(send: SendFrame): void {
    this.stop();
    const nowMs = this.#options.environment.monotonicNow();
    this.#send = send;
    this.#messages = new PacedBudget(MESSAGES, nowMs);
    this.#bytes = new PacedBudget(BYTES, nowMs);
    this.#requestLock();
  }

  stop(): void {
    this.#send = null;
    this.#isStoreOk = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#inFlight.clear();
    this.#release();
    this.#release = () => undefined;
    this.#holdsLock = false;
  }

  /** A verdict has come, which makes room. */
  settle(id: CommandId): void {
    this.#inFlight.delete(id);
    this.pump();
  }

  /** On every heartbeat: the clock of this class. */
  heartbeat(isStoreOk: boolean): void {
    const oldest = Math.min(...this.#inFlight.values());
    const isOverdue = this.#options.environment.monotonicNow() - oldest > RESEND_AFTER_MS;
    // All of them, from the oldest on: order is kept, and those that did arrive get their verdict again.
    if (isOverdue || (isStoreOk && !this.#isStoreOk)) this.#inFlight.clear();
    this.#isStoreOk = isStoreOk;
    this.pump();
  }

  pump(): void {
    const { outbox, onSent } = this.#options;
    if (!this.#send || !this.#isStoreOk || !(this.#holdsLock || !outbox.isShared)) return;
    const sent: CommandId[] = [];
    for (const { command } of outbox.unsent) {
      if (this.#inFlight.size >= IN_FLIGHT_MAX) break;
      if (this.#inFlight.has(command.id)) continue;
      const frame = encodeJsonFrame(FRAME.command, command);
      if (!this.#hasBudget(frame.length)) break;
      if (!this.#send(frame)) break;
      this.#inFlight.set(command.id, this.#options.environment.monotonicNow());
      sent.push(command.id);
    }
    if (sent.length > 0) onSent(sent);
  }

  /** False: too much has been sent lately; it goes on by itself. */
  #hasBudget(bytes: number): boolean {
    const nowMs = this.#options.environment.monotonicNow();
    if (this.#messages.has(1, nowMs) && this.#bytes.has(bytes, nowMs)) {
      this.#messages.spend(1);
      this.#bytes.spend(bytes);
      return true;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.pump();
    }, PACE_WAIT_MS);
    return false;
  }

  #requestLock(): void {
    const { environment, lockName, outbox } = this.#options;
    if (!environment.locks) {
      this.#holdsLock = true;
      return;
    }
    const aborter = new AbortController();
    const released = new Promise<void>((resolve) => {
      this.#release = () => {
        aborter.abort();
        resolve();
      };
    });
    const held = environment.locks.request(lockName, { signal: aborter.signal }, async () => {
      if (aborter.signal.aborted) return;
      this.#holdsLock = true;
      // The one who held it may have written what this tab has not read yet.
      await Promise.race([outbox.reload(), released]);
      this.pump();
      await released;
    });
    // Aborted while waiting: that is how it ends when the connection goes.
    held.catch(() => undefined);
  }
}
