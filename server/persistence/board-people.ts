import type { Kysely } from 'kysely';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import type { Member } from '#lib/workflow/state.ts';
import { anyOf } from './any-of.ts';
import { readMembers } from './members.ts';
import type { Schema } from './schema.ts';

export interface BoardPerson extends Member {
  readonly name: string;
  readonly email: string;
}

/** What one person may do on the board now. Null: nothing, or there is no such board. */
export async function readMember(
  db: Kysely<Schema>,
  boardId: BoardId,
  userId: UserId,
): Promise<Member | null> {
  const rows = await db
    .selectFrom('membership')
    .leftJoin('team_role', (join) =>
      join
        .onRef('team_role.board_id', '=', 'membership.board_id')
        .onRef('team_role.user_id', '=', 'membership.user_id'),
    )
    .select(['membership.is_admin', 'team_role.team_id', 'team_role.role'])
    .where('membership.board_id', '=', boardId)
    .where('membership.user_id', '=', userId)
    .execute();
  const roles = Object.fromEntries(
    rows.flatMap(({ team_id: teamId, role }) => (teamId === null || role === null ? [] : [[teamId, role]])),
  );
  const isAdmin = rows.some((row) => row.is_admin);
  return isAdmin || Object.keys(roles).length > 0 ? { userId, isAdmin, roles } : null;
}

/** Everyone who may open the board now, by name. Those who once could are left out. */
export async function readBoardPeople(db: Kysely<Schema>, boardId: BoardId): Promise<BoardPerson[]> {
  const { members } = await readMembers(db, boardId);
  const current = members.filter(({ isAdmin, roles }) => isAdmin || Object.keys(roles).length > 0);
  if (current.length === 0) return [];
  const ids = current.map(({ userId }) => userId);
  const users = await db
    .selectFrom('user')
    .select(['id', 'name', 'email'])
    .where('id', '=', anyOf(ids))
    .execute();
  const byId = new Map(users.map((user) => [user.id, user]));
  return current.flatMap((member) => {
    const user = byId.get(member.userId);
    return user === undefined ? [] : [{ ...member, name: user.name, email: user.email }];
  });
}
