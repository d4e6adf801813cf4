import type { VerdictMessage } from '#lib/protocol/messages.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { BoardId, CommandId, UserId } from '#lib/workflow/ids.ts';
import { createApi } from './api.ts';
import type { SyncEnvironment } from './environment.ts';
import { LeftoverSender } from './leftover-commands.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { OutboxSender, outboxLockName } from './outbox-sender.ts';
import type { SendFrame } from './outbox-sender.ts';
import { OutboxStore } from './outbox-store.ts';
import { Outbox } from './outbox.ts';
import { TabChannel } from './tab-channel.ts';
import type { TabMessage } from './tab-channel.ts';
import type { UserDatabase } from './user-database.ts';

export interface BoardCommandsOptions {
  readonly origin: string;
  readonly userId: UserId;
  readonly boardId: BoardId;
  readonly database: UserDatabase | null;
  readonly environment: SyncEnvironment;
  /** By the server's clock. */
  readonly now: () => number;
  readonly onChange: () => void;
  readonly onStoreLost: (error: unknown) => void;
  /** Another tab has signed the user out. */
  readonly onSignedOut: () => void;
}

/** The way of one board's commands out of this tab: kept, shared with the user's other tabs, and sent by one of them. */
export class BoardCommands {
  readonly #options: BoardCommandsOptions;
  readonly #tabs: TabChannel;
  readonly #outbox: Outbox;
  readonly #sender: OutboxSender;
  readonly #leftovers: LeftoverSender | null;

  constructor(options: BoardCommandsOptions) {
    const { origin, userId, boardId, database, environment, now } = options;
    this.#options = options;
    this.#tabs = new TabChannel(environment, userId, (message) => this.#onTabMessage(message));
    const onStored = (changed: BoardId) => this.#tabs.post({ kind: 'outboxChanged', boardId: changed });
    this.#outbox = new Outbox({
      boardId,
      store: database ? new OutboxStore(database) : null,
      now,
      onChange: options.onChange,
      onStored: () => onStored(boardId),
      onStoreLost: options.onStoreLost,
    });
    this.#sender = new OutboxSender({
      outbox: this.#outbox,
      environment,
      lockName: outboxLockName(userId, boardId),
      onSent: (ids) => {
        this.#outbox.markSent(ids);
        this.#tabs.post({ kind: 'commandsSent', boardId, ids });
      },
    });
    const { fetch } = environment;
    const api = createApi({ origin, fetch });
    this.#leftovers = database
      ? new LeftoverSender({ userId, database, api, environment, except: boardId, now, onStored })
      : null;
  }

  get entries(): readonly OutboxEntry[] {
    return this.#outbox.entries;
  }

  /** Reads what is on the disk. */
  load(): Promise<void> {
    return this.#outbox.reload();
  }

  async dispatch(command: Command): Promise<void> {
    await this.#outbox.dispatch(command, this.#options.now());
    this.#sender.pump();
  }

  dismiss(commandId: CommandId): Promise<void> {
    return this.#outbox.dismiss(commandId);
  }

  /** A connection that the server has greeted. */
  connected(send: SendFrame): void {
    this.#sender.start(send);
    void this.#leftovers?.send();
  }

  disconnected(): void {
    this.#sender.stop();
  }

  heartbeat(isStoreOk: boolean): void {
    this.#sender.heartbeat(isStoreOk);
  }

  /** Resolves when the verdict is on disk. */
  recordVerdict(verdict: VerdictMessage): Promise<void> {
    const recorded = this.#outbox.recordVerdict(verdict);
    // Afterwards, or the sender would find it without a verdict and send it again.
    this.#sender.settle(verdict.id);
    return recorded;
  }

  /** The document shows everything up to here. */
  setDocumentSeq(seq: number): void {
    this.#outbox.setDocumentSeq(seq);
  }

  /** The store is gone: what it held is in memory only, and this tab sends for itself. */
  loseStore(why: string): void {
    this.#outbox.loseStore(new Error(why));
  }

  pump(): void {
    this.#sender.pump();
  }

  /** Resolves when what was on its way to the disk is there. */
  idle(): Promise<void> {
    return this.#outbox.idle();
  }

  close(): void {
    this.#tabs.close();
  }

  #onTabMessage(message: TabMessage): void {
    if (message.kind === 'signedOut') {
      this.#options.onSignedOut();
      return;
    }
    if (!('boardId' in message) || message.boardId !== this.#options.boardId) return;
    if (message.kind === 'commandsSent') this.#outbox.markSent(message.ids);
    else void this.#outbox.reload().then(() => this.#sender.pump());
  }
}
