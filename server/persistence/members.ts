import type { Kysely, Transaction } from 'kysely';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Member, Role } from '#lib/workflow/state.ts';
import { anyOf } from './any-of.ts';
import type { Schema } from './schema.ts';

export interface Person {
  readonly id: UserId;
  readonly name: string;
}

/** Everyone who takes or ever took part in the board: the names of its history, and what each may do now. */
export async function readMembers(
  db: Kysely<Schema>,
  boardId: BoardId,
): Promise<{ members: Member[]; people: Person[] }> {
  const rows = await db
    .selectFrom('membership')
    .innerJoin('user', 'user.id', 'membership.user_id')
    .select(['membership.user_id', 'membership.is_admin', 'user.name'])
    .where('membership.board_id', '=', boardId)
    .orderBy('user.name')
    .orderBy('user.id')
    .execute();
  const roles = await readRoles(db, boardId);
  return {
    members: rows.map((row) => ({
      userId: row.user_id,
      isAdmin: row.is_admin,
      roles: roles.get(row.user_id) ?? {},
    })),
    people: rows.map((row) => ({ id: row.user_id, name: row.name })),
  };
}

async function readRoles(db: Kysely<Schema>, boardId: BoardId): Promise<Map<UserId, Record<string, Role>>> {
  const rows = await db
    .selectFrom('team_role')
    .select(['user_id', 'team_id', 'role'])
    .where('board_id', '=', boardId)
    .execute();
  const roles = new Map<UserId, Record<string, Role>>();
  for (const row of rows) roles.set(row.user_id, { ...roles.get(row.user_id), [row.team_id]: row.role });
  return roles;
}

/** Writes what the entries say about who belongs to the board; of several about one person the last counts. */
export async function writeMembers(
  trx: Transaction<Schema>,
  boardId: BoardId,
  entries: readonly Entry[],
): Promise<void> {
  const members = new Map<UserId, Member>();
  for (const event of entries.flatMap((entry) => entry.events)) {
    if (event.type === 'memberSet') members.set(event.userId, event);
  }
  if (members.size === 0) return;

  const rows = [...members.values()];
  await trx
    .insertInto('membership')
    .values(rows.map(({ userId, isAdmin }) => ({ board_id: boardId, user_id: userId, is_admin: isAdmin })))
    .onConflict((conflict) =>
      conflict
        .columns(['board_id', 'user_id'])
        .doUpdateSet((eb) => ({ is_admin: eb.ref('excluded.is_admin') })),
    )
    .execute();
  await trx
    .deleteFrom('team_role')
    .where('board_id', '=', boardId)
    .where('user_id', '=', anyOf(members.keys()))
    .execute();
  const roles = rows.flatMap(({ userId, roles }) =>
    Object.entries(roles).map(([teamId, role]) => ({
      board_id: boardId,
      user_id: userId,
      team_id: teamId as TeamId,
      role,
    })),
  );
  if (roles.length > 0) await trx.insertInto('team_role').values(roles).execute();
}
