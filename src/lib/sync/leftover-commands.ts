import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import type { Api } from './api.ts';
import type { SyncEnvironment } from './environment.ts';
import { verdictState } from './outbox-entry.ts';
import { outboxLockName } from './outbox-sender.ts';
import { OutboxStore } from './outbox-store.ts';
import type { UserDatabase } from './user-database.ts';

export interface LeftoverOptions {
  readonly userId: UserId;
  readonly database: UserDatabase;
  readonly api: Api;
  readonly environment: Pick<SyncEnvironment, 'locks'>;
  /** The board that has a connection of its own. */
  readonly except: BoardId;
  readonly now: () => number;
  readonly onStored: (boardId: BoardId) => void;
}

/** Sends what was left behind on other boards, one attempt at a time. */
export class LeftoverSender {
  readonly #options: LeftoverOptions;
  #isSending = false;

  constructor(options: LeftoverOptions) {
    this.#options = options;
  }

  async send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      await sendLeftovers(this.#options);
    } catch (error) {
      // They stay where they are, and go out when their board is opened.
      console.warn('Commands of other boards could not be sent.', error);
    } finally {
      this.#isSending = false;
    }
  }
}

/**
 * Sends, over HTTP, what was issued without a network on boards that no tab has open now: a person who comes back
 * online on another board would otherwise leave it behind unsent. A board whose lock is taken has a sender already.
 * Stops at the first fault; the next connection tries again.
 */
async function sendLeftovers(options: LeftoverOptions): Promise<void> {
  const { database, except, environment, api, userId } = options;
  const entries = await database.getAll('outbox');
  const boards = new Set(
    entries
      .filter(({ boardId, state }) => boardId !== except && state.kind === 'queued')
      .map(({ boardId }) => boardId),
  );
  if (boards.size === 0) return;
  const session = await api.session();
  // Never in the name of somebody else who has signed in since.
  if (!session.ok || session.value.user?.id !== userId) return;
  for (const boardId of boards) {
    if (!environment.locks) {
      await sendBoard(options, boardId);
      continue;
    }
    const name = outboxLockName(userId, boardId);
    await environment.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await sendBoard(options, boardId);
    });
  }
}

/** In order, one after the other: a later command may build on an earlier one. */
async function sendBoard({ database, api, now, onStored }: LeftoverOptions, boardId: BoardId): Promise<void> {
  const store = new OutboxStore(database);
  for (const { order, command, state } of await store.read(boardId)) {
    if (state.kind !== 'queued') continue;
    const answer = await api.sendCommand(boardId, command);
    if (!answer.ok) return;
    await store.setState(order, verdictState(answer.value, now()));
    onStored(boardId);
  }
}
