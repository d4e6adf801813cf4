import { isDeepStrictEqual } from 'node:util';
import type { Selectable } from 'kysely';
import { forkBoard, type BoardFork } from '#lib/workflow/board-state.ts';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import { decide } from '#lib/workflow/decide.ts';
import { EVENT_FORMAT, RULES_VERSION, type Entry } from '#lib/workflow/events.ts';
import { evolve } from '#lib/workflow/evolve.ts';
import type { CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { findMalformation } from './admissible-command.ts';
import type { Schema } from './schema.ts';
import type { DecidedCommand } from './write-batch.ts';

/** One command and who asked: the person of the session, or the one in whose name the server acts. */
export interface Submission {
  readonly command: AnyCommand;
  readonly actorId: UserId;
}

/** A submission with the time it is decided at; the log's own time never goes back, whatever is asked here. */
export interface DatedSubmission extends Submission {
  readonly nowMs: number;
}

/** `isRepeat`: the command had its verdict before, and this is that one. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly seq: number; readonly at: number; readonly isRepeat: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly isRepeat: boolean };

/** What a stored command says of its verdict, and of whether another one is the same. */
export type CommandRow = Pick<
  Selectable<Schema['command']>,
  'id' | 'board_id' | 'actor_id' | 'body' | 'decided_at' | 'seq' | 'refusal'
>;

/** The commands of one transaction, decided one after the other, each seeing what those before it did. */
export class CommandBatch {
  readonly fork: BoardFork;
  readonly decided: DecidedCommand[] = [];
  readonly #rows: ReadonlyMap<CommandId, CommandRow>;
  readonly #foreignIds: ReadonlySet<ItemId>;
  #at: number;

  constructor(start: {
    base: BoardState;
    rows: ReadonlyMap<CommandId, CommandRow>;
    foreignIds: ReadonlySet<ItemId>;
    at: number;
  }) {
    // A fork of its own: what it changed is what has to be written, and not what was read on the way.
    this.fork = forkBoard(start.base);
    this.#rows = start.rows;
    this.#foreignIds = start.foreignIds;
    this.#at = start.at;
  }

  decide(submission: DatedSubmission): Outcome {
    const { command, actorId } = submission;
    const path = findMalformation(command);
    if (path !== null) return { kind: 'refused', refusal: { code: 'malformed', path }, isRepeat: false };
    const earlier = this.#earlierOutcome(submission);
    if (earlier) return earlier;
    // A node whose clock is behind goes by the time of the log.
    this.#at = Math.max(Math.floor(submission.nowMs), this.#at);
    return this.#decideNow(command, actorId);
  }

  #earlierOutcome(submission: Submission): Outcome | null {
    const { id } = submission.command;
    const row = this.#rows.get(id);
    if (row) {
      const isSame =
        row.board_id === this.fork.boardId && isSameSubmission(submission, row.actor_id, row.body);
      return isSame ? outcomeOfRow(row) : ID_REUSED;
    }
    const twin = this.decided.find(({ command }) => command.id === id);
    if (!twin) return null;
    return isSameSubmission(submission, twin.actorId, twin.command) ? repeatOf(twin) : ID_REUSED;
  }

  #decideNow(command: AnyCommand, actorId: UserId): Outcome {
    const decision = decide(this.fork, command, { userId: actorId }, this.#at);
    if (!decision.ok) return this.#refuse(command, actorId, decision.refusal);
    // Items are known by their id alone in addresses and documents, so an id is taken whichever board has it.
    if (command.type === 'createItem' && this.#foreignIds.has(command.itemId)) {
      return this.#refuse(command, actorId, { code: 'itemExists' });
    }
    const entry: Entry = {
      seq: this.fork.seq + 1,
      commandId: command.id,
      actorId,
      at: this.#at,
      rulesVersion: RULES_VERSION,
      format: EVENT_FORMAT,
      events: decision.value,
    };
    evolve(this.fork, entry);
    this.decided.push({ command, actorId, at: this.#at, entry, refusal: null });
    return { kind: 'accepted', seq: entry.seq, at: entry.at, isRepeat: false };
  }

  #refuse(command: AnyCommand, actorId: UserId, refusal: Refusal): Outcome {
    this.fork.verdicts.set(command.id, { accepted: false });
    this.decided.push({ command, actorId, at: this.#at, entry: null, refusal });
    return { kind: 'refused', refusal, isRepeat: false };
  }
}

/** Not logged: the id has its verdict already, and keeps it. */
const ID_REUSED: Outcome = { kind: 'refused', refusal: { code: 'idReused' }, isRepeat: false };

function isSameSubmission(submission: Submission, actorId: UserId, command: AnyCommand): boolean {
  return submission.actorId === actorId && isDeepStrictEqual(submission.command, command);
}

function outcomeOfRow(row: CommandRow): Outcome {
  if (row.seq !== null)
    return { kind: 'accepted', seq: row.seq, at: row.decided_at.getTime(), isRepeat: true };
  if (row.refusal !== null) return { kind: 'refused', refusal: row.refusal, isRepeat: true };
  throw new Error(`Command ${row.id} has no verdict.`);
}

function repeatOf({ entry, refusal }: DecidedCommand): Outcome {
  if (entry) return { kind: 'accepted', seq: entry.seq, at: entry.at, isRepeat: true };
  return { kind: 'refused', refusal, isRepeat: true };
}
