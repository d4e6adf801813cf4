import { COMMAND_BYTES_MAX } from '#lib/protocol/limits.ts';
import type { VerdictMessage } from '#lib/protocol/messages.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { BoardId, CommandId } from '#lib/workflow/ids.ts';
import { CommandTooLargeError, OUTBOX_ENTRIES_MAX, OutboxFullError, verdictState } from './outbox-entry.ts';
import type { OutboxEntry, OutboxState } from './outbox-entry.ts';
import type { OutboxStore } from './outbox-store.ts';
import type { StoredEntry } from './user-database.ts';

/** What a frame adds to the command's JSON: its type and its length. */
const FRAME_HEAD_BYTES = 8;

export interface OutboxOptions {
  readonly boardId: BoardId;
  /** Null: in memory from the start. */
  readonly store: OutboxStore | null;
  readonly now: () => number;
  /** Anything in `entries` is different. */
  readonly onChange: () => void;
  /** The store has changed: the other tabs are to read it again. */
  readonly onStored: () => void;
  /** The store has failed; from now on everything stays in memory. */
  readonly onStoreLost: (error: unknown) => void;
}

/**
 * One board's commands without visible effect yet, as one tab sees them: what the store holds, plus what is on its way
 * into the store. Once the store has failed it is not asked again: a half-working one would lose the order.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  #store: OutboxStore | null;
  /** In the store (or, without one, in memory), by order. */
  #kept: OutboxEntry[] = [];
  /** Dispatched and not stored yet. */
  #unkept: OutboxEntry[] = [];
  #view: readonly OutboxEntry[] | null = null;
  #documentSeq = 0;
  /** Of any entry this tab has seen, gone ones included. */
  #highestOrder = 0;
  /** Other tabs have stored some that stand before the last one here and are not read yet. */
  #isBehind = false;
  /** Work on the store is done one by one, so that what was read is never older than what was written here. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#store = options.store;
  }

  /** By order. The same array until something changes. */
  get entries(): readonly OutboxEntry[] {
    return (this.#view ??= [...this.#kept.filter((entry) => !this.#isContained(entry)), ...this.#unkept]);
  }

  /** Kept ones without a verdict, by order: what a sender has to send. */
  get unsent(): readonly OutboxEntry[] {
    if (this.#isBehind) return [];
    return this.#kept.filter(({ state }) => state.kind === 'queued' || state.kind === 'sent');
  }

  /** The tabs share one outbox, so that one of them has to be its sender. */
  get isShared(): boolean {
    return this.#store !== null;
  }

  /** Resolves when the entry is kept; rejects, and forgets it, when there is no room. */
  dispatch(given: Command, issuedAt: number): Promise<void> {
    // A plain copy: what a screen passes may be a reactive proxy, which cannot be stored.
    const text = JSON.stringify(given);
    if (new TextEncoder().encode(text).length > COMMAND_BYTES_MAX - FRAME_HEAD_BYTES) {
      return Promise.reject(new CommandTooLargeError());
    }
    if (this.#kept.length + this.#unkept.length >= OUTBOX_ENTRIES_MAX) {
      return Promise.reject(new OutboxFullError());
    }
    const command = JSON.parse(text) as Command;
    const { boardId } = this.#options;
    const state: OutboxState = { kind: 'queued' };
    const unkept = { order: this.#nextOrder(), boardId, command, issuedAt, state, isKept: false };
    this.#unkept.push(unkept);
    this.#changed();
    return this.#enqueue(async () => {
      const order = await this.#keep(unkept);
      // Between the last one known and this one, other tabs have stored some: they are to be sent before it.
      this.#isBehind = order > this.#highestOrder + 1;
      this.#highestOrder = Math.max(this.#highestOrder, order);
      this.#unkept = this.#unkept.filter((entry) => entry !== unkept);
      if (!this.#kept.some((entry) => entry.command.id === command.id)) {
        this.#kept = byOrder([...this.#kept, { ...unkept, order, isKept: true }]);
      }
      if (this.#isBehind) await this.#read();
      this.#isBehind = false;
      this.#changed();
      this.#options.onStored();
    });
  }

  /** Forgets a refused entry; anything else stays. */
  dismiss(id: CommandId): Promise<void> {
    const entry = this.#kept.find(({ command }) => command.id === id);
    if (entry?.state.kind !== 'refused') return Promise.resolve();
    this.#kept = this.#kept.filter((other) => other !== entry);
    this.#changed();
    return this.#write((store) => store.remove(entry.order));
  }

  /** A verdict stands for ever, so a repeated one changes nothing. */
  recordVerdict(message: VerdictMessage): Promise<void> {
    const entry = this.#kept.find(({ command }) => command.id === message.id);
    if (!entry || hasVerdict(entry.state)) return Promise.resolve();
    const state = verdictState(message, this.#options.now());
    this.#setState(new Set([message.id]), state);
    return this.#write((store) => store.setState(entry.order, state));
  }

  markSent(ids: readonly CommandId[]): void {
    this.#setState(new Set(ids), { kind: 'sent' });
  }

  /** Accepted entries up to this seq are in the document: they leave the view in the same moment. */
  setDocumentSeq(seq: number): void {
    this.#documentSeq = seq;
    const left = this.#kept.filter((entry) => !this.#isContained(entry));
    if (left.length === this.#kept.length) return;
    this.#kept = left;
    this.#changed();
  }

  /** Reads what other tabs have written. */
  reload(): Promise<void> {
    return this.#enqueue(() => this.#read());
  }

  /** Resolves when all that was begun is done. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** The store was taken away: at sign-out, or by a newer page. */
  loseStore(error: unknown): void {
    if (this.#store) this.#loseStore(error);
  }

  async #read(): Promise<void> {
    if (!this.#store) return;
    try {
      this.#merge(await this.#store.read(this.#options.boardId));
    } catch (error) {
      this.#loseStore(error);
    }
  }

  async #keep(unkept: OutboxEntry): Promise<number> {
    const { boardId, command, issuedAt } = unkept;
    if (this.#store) {
      try {
        return await this.#store.add({
          id: command.id,
          boardId,
          command,
          issuedAt,
          state: { kind: 'queued' },
        });
      } catch (error) {
        if (error instanceof OutboxFullError) {
          this.#unkept = this.#unkept.filter((entry) => entry !== unkept);
          this.#changed();
          throw error;
        }
        this.#loseStore(error);
      }
    }
    return this.#highestOrder + 1;
  }

  #merge(stored: readonly StoredEntry[]): void {
    const known = new Map(this.#kept.map((entry) => [entry.command.id, entry]));
    const merged: OutboxEntry[] = stored.map(({ order, boardId, command, issuedAt, state }) => {
      const ours = known.get(command.id)?.state;
      // What this tab has heard may not be in the store yet.
      const newest = ours && rank(ours) > rank(state) ? ours : state;
      return { order, boardId, command, issuedAt, state: newest, isKept: true };
    });
    this.#highestOrder = Math.max(this.#highestOrder, stored.at(-1)?.order ?? 0);
    const storedIds = new Set(stored.map(({ id }) => id));
    for (const entry of this.#kept) {
      // Another tab, ahead of this one, has found it in its document; this tab's document is still to show it.
      if (!storedIds.has(entry.command.id) && entry.state.kind === 'accepted') merged.push(entry);
    }
    this.#kept = byOrder(merged.filter((entry) => !this.#isContained(entry)));
    this.#changed();
  }

  #isContained({ state }: OutboxEntry): boolean {
    return state.kind === 'accepted' && state.seq <= this.#documentSeq;
  }

  #setState(ids: ReadonlySet<CommandId>, state: OutboxState): void {
    this.#kept = this.#kept
      .map((entry) =>
        ids.has(entry.command.id) && rank(state) > rank(entry.state) ? { ...entry, state } : entry,
      )
      .filter((entry) => !this.#isContained(entry));
    this.#changed();
  }

  #write(write: (store: OutboxStore) => Promise<void>): Promise<void> {
    return this.#enqueue(async () => {
      if (!this.#store) return;
      try {
        await write(this.#store);
        this.#options.onStored();
      } catch (error) {
        this.#loseStore(error);
      }
    });
  }

  #loseStore(error: unknown): void {
    this.#store = null;
    this.#options.onStoreLost(error);
    this.#changed();
  }

  /** Where it will probably stand; the store has the last word. */
  #nextOrder(): number {
    return (this.#unkept.at(-1)?.order ?? this.#highestOrder) + 1;
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.#work.then(task);
    // One that fails must not stop the next; who asked for it hears of it.
    this.#work = done.catch(() => undefined);
    return done;
  }

  #changed(): void {
    this.#view = null;
    this.#options.onChange();
  }
}

function byOrder(entries: OutboxEntry[]): OutboxEntry[] {
  return entries.sort((a, b) => a.order - b.order);
}

function hasVerdict(state: OutboxState): boolean {
  return state.kind === 'accepted' || state.kind === 'refused';
}

/** How far a state is along its way; it never goes back. */
function rank(state: OutboxState): number {
  return { queued: 0, sent: 1, accepted: 2, refused: 2 }[state.kind];
}
