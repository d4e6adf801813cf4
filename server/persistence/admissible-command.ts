import type { AnyCommand } from '#lib/workflow/commands.ts';
import { UUID_SHAPE } from '#lib/workflow/ids.ts';
import { isStorable } from './jsonb.ts';

/**
 * The path of what keeps this command from being stored at all, or null. The wire's schema has checked it before; this
 * is the last door, because one command that the database refuses takes the whole batch down with it.
 */
export function findMalformation(command: AnyCommand): string | null {
  if (!isUuid(command.id)) return 'id';
  if (!('itemId' in command)) return isUuid(command.userId) ? null : 'userId';
  if (!isUuid(command.itemId)) return 'itemId';
  if ('otherId' in command && !isUuid(command.otherId)) return 'otherId';
  if ('basis' in command && 'after' in command.basis && !isUuid(command.basis.after)) return 'basis.after';
  return isStorable(command) ? null : '';
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && UUID_SHAPE.test(value);
}
