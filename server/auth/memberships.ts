import type { Kysely } from 'kysely';
import type { AnyCommand } from '#lib/workflow/commands.ts';
import type { BoardId, CommandId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Member, Role } from '#lib/workflow/state.ts';
import { readMember } from '../persistence/board-people.ts';
import type { Outcome, Submission } from '../persistence/command-log.ts';
import type { Schema } from '../persistence/schema.ts';

export interface RoleChange {
  readonly commandId: CommandId;
  /** In whose name it is done. */
  readonly actorId: UserId;
  readonly userId: UserId;
  readonly teamId: TeamId;
  /** Null: none any more. */
  readonly role: Role | null;
}

export interface MembershipDeps {
  readonly db: Kysely<Schema>;
  /** Where commands of a board are decided. Rejects with an `AppError` when there is no verdict. */
  readonly submit: (boardId: BoardId, submission: Submission) => Promise<Outcome>;
}

/** Who belongs to a board. Changes go through the board's log, so that they are on record and reach every screen. */
export class Memberships {
  readonly #deps: MembershipDeps;

  constructor(deps: MembershipDeps) {
    this.#deps = deps;
  }

  /** What the person may do on the board. Null: is no member, or there is no such board; from outside that is one. */
  find(boardId: BoardId, userId: UserId): Promise<Member | null> {
    return readMember(this.#deps.db, boardId, userId);
  }

  /** Gives a role, unless the person has a stronger one in that team. Answers whether he or she is a member after it. */
  async grant(boardId: BoardId, change: RoleChange & { readonly role: Role }): Promise<boolean> {
    await this.#submit(boardId, change, { keepsStronger: true });
    // An invitation that is followed a second time changes nothing: then what counts is what has become of its role.
    return (await this.find(boardId, change.userId)) !== null;
  }

  /** Changes the role of somebody who is a member. */
  async setRole(boardId: BoardId, change: RoleChange): Promise<void> {
    await this.#submit(boardId, change, { keepsStronger: false });
  }

  async #submit(
    boardId: BoardId,
    change: RoleChange,
    { keepsStronger }: { keepsStronger: boolean },
  ): Promise<void> {
    const { commandId: id, userId, teamId, role, actorId } = change;
    const command: AnyCommand = { type: 'setRole', id, userId, teamId, role, keepsStronger };
    const outcome = await this.#deps.submit(boardId, { command, actorId });
    if (outcome.kind === 'refused' && outcome.refusal.code !== 'idReused') {
      throw new Error(`A change of membership was refused: ${outcome.refusal.code}.`);
    }
  }
}
