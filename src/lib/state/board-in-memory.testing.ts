import * as Y from 'yjs';
import { boardStateFromDocument } from '#lib/board/document.ts';
import { applyEntries, createBoardDocument } from '#lib/board/projection.ts';
import type { PersonHere } from '#lib/sync/board-session.ts';
import type { OutboxEntry, OutboxState } from '#lib/sync/outbox-entry.ts';
import type { SessionStatus, StorageStatus } from '#lib/sync/session-status.ts';
import { emptyBoard } from '#lib/workflow/board-state.ts';
import type { AnyCommand, Command } from '#lib/workflow/commands.ts';
import { decide } from '#lib/workflow/decide.ts';
import type { FactValue } from '#lib/workflow/definition.ts';
import { EVENT_FORMAT, RULES_VERSION, type Entry } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { BoardId, CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { BoardState, Item, Role, Team } from '#lib/workflow/state.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { BoardSource, ItemSource } from './board-source.ts';

export interface PersonInMemory {
  readonly id: string;
  readonly name: string;
  readonly roles: Readonly<Record<string, Role>>;
  readonly isAdmin?: boolean;
}

/**
 * A board without network and storage, for tests: the real rules, the real board document, one browser's outbox, and a
 * server that answers when the test says so.
 */
export class BoardInMemory implements BoardSource {
  document: Y.Doc;
  status: SessionStatus = { kind: 'live' };
  storage: StorageStatus = { kind: 'ok' };
  hasContent = true;
  canProject = true;
  outbox: readonly OutboxEntry[] = [];
  here: readonly PersonHere[] = [];
  readonly histories = null;
  unsentItems: BoardSource['unsentItems'] = { late: new Set() };
  nowMs: number;
  readonly #server: BoardState;
  readonly #userId: UserId;
  readonly #listeners = new Set<() => void>();
  #state: BoardState;
  #order = 0;

  constructor(options: {
    teams: readonly Team[];
    workflows: readonly WorkflowVersion[];
    people: readonly PersonInMemory[];
    userId: string;
    nowMs: number;
    name?: string;
  }) {
    const { teams, workflows, people } = options;
    this.#userId = options.userId as UserId;
    this.nowMs = options.nowMs;
    const members = people.map(({ id, roles, isAdmin = false }) => ({
      userId: id as UserId,
      isAdmin,
      roles,
    }));
    this.#server = emptyBoard({ boardId: 'board' as BoardId, teams, workflows, members });
    this.document = createBoardDocument({
      state: this.#server,
      board: { name: options.name ?? 'Onboarding' },
      people: people.map(({ id, name }) => ({ id: id as UserId, name })),
      items: [],
    });
    this.#state = boardStateFromDocument(this.#server.boardId, this.document);
  }

  get state(): BoardState {
    return this.#state;
  }

  people(): readonly PersonHere[] {
    return this.here;
  }

  setPresence(): void {}

  /** Nobody rings here. */
  onBell(): () => void {
    return () => undefined;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispatch(command: Command): Promise<void> {
    this.#order += 1;
    const entry: OutboxEntry = {
      order: this.#order,
      boardId: this.#server.boardId,
      command,
      issuedAt: this.nowMs,
      state: { kind: 'queued' },
      isKept: true,
    };
    this.outbox = [...this.outbox, entry];
    this.changed();
    return Promise.resolve();
  }

  dismiss(commandId: CommandId): Promise<void> {
    this.outbox = this.outbox.filter(({ command }) => command.id !== commandId);
    this.changed();
    return Promise.resolve();
  }

  serverNow(): number {
    return this.nowMs;
  }

  destroy(): void {
    this.#listeners.clear();
  }

  /** Somebody's command decided by the server at once; throws where the rules say no. */
  decide(command: AnyCommand, userId: string, at = this.nowMs): void {
    const decision = this.#decide(command, userId as UserId, at);
    if (decision.kind === 'refused') throw new Error(`refused: ${JSON.stringify(decision.refusal)}`);
    this.changed();
  }

  /** The server answers all that is in the outbox; the accepted ones leave it. */
  answerAll(): void {
    this.outbox = this.outbox.flatMap((entry) => {
      if (entry.state.kind !== 'queued') return [entry];
      const state = this.#decide(entry.command, this.#userId, this.nowMs);
      return state.kind === 'accepted' ? [] : [{ ...entry, state }];
    });
    this.changed();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  item(id: string): Item {
    const item = this.#server.items.get(id as ItemId);
    if (!item) throw new Error(`There is no item ${id}.`);
    return item;
  }

  #decide(command: AnyCommand, userId: UserId, at: number): OutboxState {
    const decision = decide(this.#server, command, { userId }, at);
    if (!decision.ok) return { kind: 'refused', refusal: decision.refusal, at };
    const entry: Entry = {
      seq: this.#server.seq + 1,
      commandId: command.id,
      actorId: userId,
      at,
      rulesVersion: RULES_VERSION,
      format: EVENT_FORMAT,
      events: decision.value,
    };
    evolve(this.#server, entry);
    applyEntries(this.document, this.#server, [entry]);
    this.#state = boardStateFromDocument(this.#server.boardId, this.document);
    return { kind: 'accepted', seq: entry.seq, at };
  }
}

/** An item document that nobody else writes to. */
export class ItemInMemory implements ItemSource {
  #facts: Readonly<Record<string, FactValue>> = {};
  readonly #listeners = new Set<() => void>();

  facts(): Readonly<Record<string, FactValue>> {
    return this.#facts;
  }

  setFact(key: string, value: FactValue | null): void {
    const { [key]: _old, ...others } = this.#facts;
    this.#facts = value === null ? others : { ...others, [key]: value };
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  destroy(): void {
    this.#listeners.clear();
  }
}
