import { randomUUID } from 'node:crypto';
import type { Expression, ExpressionBuilder, Kysely, SqlBool, Transaction } from 'kysely';
import type { BoardId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Role } from '#lib/workflow/state.ts';
import type { Schema } from './schema.ts';
import { insertUser, type NewUser } from './user-store.ts';

export interface InviteTo {
  readonly boardId: BoardId;
  readonly teamId: TeamId;
  readonly role: Role;
}

export interface InviteView extends InviteTo {
  readonly boardName: string;
  readonly teamName: string;
}

/** An invite that can still be followed. */
export interface StoredInvite extends InviteTo {
  readonly id: string;
  readonly createdBy: { readonly id: UserId; readonly name: string };
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface AcceptedInvite extends InviteTo {
  /**
   * Take it as the id of the `setRole` command that follows: should the process end in between, the same person can
   * follow the link again, and yet the role is given once.
   */
  readonly inviteId: string;
  readonly userId: UserId;
}

export type AcceptResult =
  | { readonly kind: 'accepted'; readonly invite: AcceptedInvite }
  /** Never was, used by somebody else, revoked or expired: from outside these look alike. */
  | { readonly kind: 'noSuchInvite' }
  | { readonly kind: 'emailTaken' };

/** Invites to a team of a board, by the SHA-256 of their token. Good for one person. */
export class InviteStore {
  readonly #db: Kysely<Schema>;

  constructor(db: Kysely<Schema>) {
    this.#db = db;
  }

  /** Answers with the id of the invite, by which it can be revoked. */
  async add(
    invite: InviteTo & { tokenHash: string; createdBy: UserId; createdAt: Date; expiresAt: Date },
  ): Promise<string> {
    const id = randomUUID();
    await this.#db
      .insertInto('invite')
      .values({
        id,
        token_hash: invite.tokenHash,
        board_id: invite.boardId,
        team_id: invite.teamId,
        role: invite.role,
        created_by: invite.createdBy,
        created_at: invite.createdAt,
        expires_at: invite.expiresAt,
        used_by: null,
        used_at: null,
        revoked_at: null,
      })
      .execute();
    return id;
  }

  /** Where the link leads, as long as it is unused and good; null otherwise. */
  async look(tokenHash: string, now: Date): Promise<InviteView | null> {
    const row = await this.#db
      .selectFrom('invite')
      .innerJoin('board', 'board.id', 'invite.board_id')
      .innerJoin('team', (join) =>
        join.onRef('team.board_id', '=', 'invite.board_id').onRef('team.id', '=', 'invite.team_id'),
      )
      .select(['invite.board_id', 'invite.team_id', 'invite.role'])
      .select(['board.name as board_name', 'team.name as team_name'])
      .where('invite.token_hash', '=', tokenHash)
      .where('invite.used_at', 'is', null)
      .where('invite.revoked_at', 'is', null)
      .where('invite.expires_at', '>', now)
      .where(makerStillLeads)
      .executeTakeFirst();
    if (!row) return null;
    return {
      boardId: row.board_id,
      teamId: row.team_id,
      role: row.role,
      boardName: row.board_name,
      teamName: row.team_name,
    };
  }

  /** Takes the invite for somebody who has an account, or who gets one along with it: both or neither. */
  async accept(tokenHash: string, who: { userId: UserId } | NewUser, now: Date): Promise<AcceptResult> {
    return await this.#db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('invite')
        .select(['id', 'board_id', 'team_id', 'role', 'used_by'])
        .where('token_hash', '=', tokenHash)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .where(makerStillLeads)
        .forUpdate()
        .executeTakeFirst();
      if (!row || !isFreeFor(row.used_by, who)) return { kind: 'noSuchInvite' };
      const userId = await accountOf(trx, who);
      if (userId === null) return { kind: 'emailTaken' };
      if (row.used_by === null) {
        await trx
          .updateTable('invite')
          .set({ used_by: userId, used_at: now })
          .where('id', '=', row.id)
          .execute();
      }
      const { board_id: boardId, team_id: teamId, role } = row;
      return { kind: 'accepted', invite: { inviteId: row.id, userId, boardId, teamId, role } };
    });
  }

  /** Those of a board that can still be followed, the latest first. */
  async listOpen(boardId: BoardId, now: Date): Promise<StoredInvite[]> {
    const rows = await this.#db
      .selectFrom('invite')
      .innerJoin('user', 'user.id', 'invite.created_by')
      .select(['invite.id', 'invite.team_id', 'invite.role', 'invite.created_by', 'user.name'])
      .select(['invite.created_at', 'invite.expires_at'])
      .where('invite.board_id', '=', boardId)
      .where('invite.used_at', 'is', null)
      .where('invite.revoked_at', 'is', null)
      .where('invite.expires_at', '>', now)
      .where(makerStillLeads)
      .orderBy('invite.created_at', 'desc')
      .orderBy('invite.id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      boardId,
      teamId: row.team_id,
      role: row.role,
      createdBy: { id: row.created_by, name: row.name },
      createdAt: row.created_at,
      expiresAt: row.expires_at,
    }));
  }

  /** Ends an invite that nobody has used yet; false: there is none such on this board. */
  async revoke(boardId: BoardId, inviteId: string, now: Date): Promise<boolean> {
    const revoked = await this.#db
      .updateTable('invite')
      .set({ revoked_at: now })
      .where('id', '=', inviteId)
      .where('board_id', '=', boardId)
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    return revoked !== undefined;
  }
}

/** Else somebody who is taken off a board could come back by a link made before. */
function makerStillLeads(eb: ExpressionBuilder<Schema, 'invite'>): Expression<SqlBool> {
  const membership = eb
    .selectFrom('membership')
    .select('membership.user_id')
    .whereRef('membership.board_id', '=', 'invite.board_id')
    .whereRef('membership.user_id', '=', 'invite.created_by')
    .where('membership.is_admin', '=', true);
  const lead = eb
    .selectFrom('team_role')
    .select('team_role.user_id')
    .whereRef('team_role.board_id', '=', 'invite.board_id')
    .whereRef('team_role.user_id', '=', 'invite.created_by')
    .whereRef('team_role.team_id', '=', 'invite.team_id')
    .where('team_role.role', '=', 'lead');
  return eb.or([eb.exists(membership), eb.exists(lead)]);
}

function isFreeFor(usedBy: UserId | null, who: { userId: UserId } | NewUser): boolean {
  return usedBy === null || ('userId' in who && who.userId === usedBy);
}

async function accountOf(
  trx: Transaction<Schema>,
  who: { userId: UserId } | NewUser,
): Promise<UserId | null> {
  if ('userId' in who) return who.userId;
  const user = await insertUser(trx, { ...who, isAdmin: false });
  return user?.id ?? null;
}
