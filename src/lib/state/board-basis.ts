import type { Basis, Command } from '#lib/workflow/commands.ts';
import type { CommandId, ItemId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';

/** What the basis needs of an outbox entry, oldest first in a list. */
export interface PendingOnItem {
  readonly command: Command;
}

/**
 * What the person saw of the item, for a new command on it: on top of the own command that is still under way, else as
 * of the last change of responsibility that the screen showed. Without `after` a chain made offline would refuse itself.
 */
export function basisFor(item: Item, pending: readonly PendingOnItem[]): Basis {
  const last = lastResponsibilityCommand(item.id, pending);
  return last === null ? { seq: item.responsibility.seq } : { after: last };
}

function lastResponsibilityCommand(itemId: ItemId, pending: readonly PendingOnItem[]): CommandId | null {
  const own = pending.findLast(({ command }) => command.itemId === itemId && changesResponsibility(command));
  return own?.command.id ?? null;
}

const SIDE_COMMANDS: ReadonlySet<Command['type']> = new Set([
  'addComment',
  'orderItem',
  'linkItems',
  'unlinkItems',
] as const);

/** Comments, order and relations ask for no basis, and none rests on them. */
function changesResponsibility(command: Command): boolean {
  return !SIDE_COMMANDS.has(command.type);
}
