import type { AnyCommand } from '#lib/workflow/commands.ts';
import { isStorable } from './jsonb.ts';

/** In lower case: Postgres would hand back any other spelling as this one, and a lookup by id would miss it. */
const UUID_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The path of what keeps this command from being stored at all, or null. The wire's schema has checked it before; this
 * is the last door, because one command that the database refuses takes the whole batch down with it.
 */
export function findMalformation(command: AnyCommand): string | null {
  if (!isUuid(command.id)) return 'id';
  if (command.type === 'setMember') return isUuid(command.userId) ? null : 'userId';
  if (!isUuid(command.itemId)) return 'itemId';
  if ('basis' in command && 'after' in command.basis && !isUuid(command.basis.after)) return 'basis.after';
  return isStorable(command) ? null : '';
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && UUID_SHAPE.test(value);
}
