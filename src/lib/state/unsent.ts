import type { OutboxEntry } from '#lib/sync/outbox-entry.ts';
import type { StorageStatus } from '#lib/sync/session-status.ts';
import type { ItemId } from '#lib/workflow/ids.ts';

/** Own commands that the server has not answered, and items with something that it has not read. */
export interface Unsent {
  readonly count: number;
  /** `kept`: all of them survive a reload. `keeping`: some are on their way to the disk. `here`: this page alone has them. */
  readonly where: 'kept' | 'keeping' | 'here';
}

/** `items` are on the disk, all of them. */
export function unsentOf(
  outbox: readonly OutboxEntry[],
  items: ReadonlySet<ItemId>,
  storage: StorageStatus,
): Unsent {
  const unsent = outbox.filter(({ state }) => state.kind === 'queued' || state.kind === 'sent');
  const count = unsent.length + items.size;
  if (storage.kind === 'unavailable') return { count, where: 'here' };
  return { count, where: unsent.every(({ isKept }) => isKept) ? 'kept' : 'keeping' };
}
