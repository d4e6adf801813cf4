import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { BoardSession } from './board-session.ts';
import { browserEnvironment } from './environment.ts';
import type { SyncEnvironment } from './environment.ts';
import { whileItemClosed } from './item-locks.ts';
import type { ItemSession } from './item-session.ts';

/** An item that is open sends for itself, and one that was just left has mostly done so. */
const SEND_AFTER_MS = 1_500;
/** All browsers of a board go live at once after a restart. */
const JITTER_MS = 2_000;
/** For one item, and nothing else of the round is sent meanwhile. */
const SEND_TIMEOUT_MS = 20_000;
/** What could not be sent, as when the item itself is still to be created, is tried again this often. */
const AGAIN_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 15_000;

export interface ItemSenderOptions {
  readonly source: Pick<BoardSession, 'status' | 'unsentItems' | 'subscribe'>;
  readonly userId: UserId;
  readonly open: (itemId: ItemId) => Promise<ItemSession>;
  /** For tests. */
  readonly environment?: Partial<SyncEnvironment>;
}

/**
 * Sends what was written in items that no tab has open any more, of all boards, while this board is live: a person who
 * writes without a network and leaves the page would otherwise be the only one to know. One tab of the browser does it,
 * one item at a time. What the server refuses stays where it is, is tried again on the next connection, and is shown
 * when the item is opened. Without locks nobody does: two tabs that move one copy to a new epoch would double its text.
 */
export class ItemSender {
  readonly #options: ItemSenderOptions;
  readonly #environment: SyncEnvironment;
  readonly #unsubscribes: readonly (() => void)[];
  readonly #timer: ReturnType<typeof setInterval>;
  /** By the clock that never jumps; of this connection only. */
  readonly #notBefore = new Map<ItemId, number>();
  #due: ReturnType<typeof setTimeout> | null = null;
  #isSending = false;
  /** Gives up the item that is being sent. */
  #giveUp: () => void = () => undefined;
  #isDestroyed = false;

  constructor(options: ItemSenderOptions) {
    this.#options = options;
    this.#environment = { ...browserEnvironment(), ...options.environment };
    const { source } = options;
    const look = () => this.#look();
    this.#unsubscribes = [source.subscribe(look), source.unsentItems.subscribe(look)];
    this.#timer = setInterval(look, LOOK_EVERY_MS);
    this.#look();
  }

  destroy(): void {
    this.#isDestroyed = true;
    clearInterval(this.#timer);
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    this.#stop();
  }

  get #isLive(): boolean {
    return !this.#isDestroyed && this.#options.source.status.kind === 'live';
  }

  get #waiting(): readonly ItemId[] {
    const now = this.#environment.monotonicNow();
    return this.#options.source.unsentItems.all.filter((id) => (this.#notBefore.get(id) ?? 0) <= now);
  }

  #stop(): void {
    if (this.#due !== null) clearTimeout(this.#due);
    this.#due = null;
    this.#notBefore.clear();
    this.#giveUp();
  }

  #look(): void {
    const { locks } = this.#environment;
    if (!this.#isLive) return this.#stop();
    const unsent = new Set(this.#options.source.unsentItems.all);
    // Sent meanwhile: what is written there next is a new thing.
    for (const id of this.#notBefore.keys()) if (!unsent.has(id)) this.#notBefore.delete(id);
    if (!locks || this.#isSending || this.#due !== null || this.#waiting.length === 0) return;
    this.#due = setTimeout(
      () => {
        this.#due = null;
        void this.#run(locks);
      },
      SEND_AFTER_MS + this.#environment.random() * JITTER_MS,
    );
  }

  async #run(locks: NonNullable<SyncEnvironment['locks']>): Promise<void> {
    const { userId } = this.#options;
    this.#isSending = true;
    try {
      await locks.request(`baton-item-sender-${userId}`, { ifAvailable: true }, async (lock) => {
        if (!lock) return;
        for (const itemId of this.#waiting) {
          const isClosed = await whileItemClosed(locks, { userId, itemId }, () => Promise.resolve());
          // One that can't be opened keeps no other from being sent.
          if (isClosed && this.#isLive) await this.#send(itemId).catch(complain);
        }
      });
    } catch (error) {
      complain(error);
    } finally {
      this.#isSending = false;
    }
  }

  async #send(itemId: ItemId): Promise<void> {
    // It is not tried again at once, whatever comes of it.
    this.#notBefore.set(itemId, this.#environment.monotonicNow() + AGAIN_AFTER_MS);
    const session = await this.#options.open(itemId);
    try {
      await this.#untilSettled(session);
      const { status } = session;
      const isRefused = status.kind === 'ended' && status.why === 'refusedContent';
      if (isRefused && this.#isLive) this.#notBefore.set(itemId, Infinity);
    } finally {
      session.destroy();
    }
  }

  /** Until it is saved, ended, or given up. */
  async #untilSettled(session: ItemSession): Promise<void> {
    const isSettled = () => session.isSaved || session.status.kind === 'ended';
    if (!this.#isLive || isSettled()) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#giveUp = resolve;
      timer = setTimeout(resolve, SEND_TIMEOUT_MS);
      session.subscribe(() => {
        if (isSettled()) resolve();
      });
    });
    clearTimeout(timer);
    this.#giveUp = () => undefined;
  }
}

function complain(error: unknown): void {
  console.warn('What was written in items could not be sent.', error);
}
