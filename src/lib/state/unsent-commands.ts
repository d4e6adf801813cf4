import type { OutboxEntry } from '#lib/sync/outbox-entry.ts';
import type { StorageStatus } from '#lib/sync/session-status.ts';

/** Own commands that the server has not answered. */
export interface UnsentCommands {
  readonly count: number;
  /** `kept`: all of them survive a reload. `keeping`: some are on their way to the disk. `here`: this page alone has them. */
  readonly where: 'kept' | 'keeping' | 'here';
}

export function unsentOf(outbox: readonly OutboxEntry[], storage: StorageStatus): UnsentCommands {
  const unsent = outbox.filter(({ state }) => state.kind === 'queued' || state.kind === 'sent');
  const count = unsent.length;
  if (storage.kind === 'unavailable') return { count, where: 'here' };
  return { count, where: unsent.every(({ isKept }) => isKept) ? 'kept' : 'keeping' };
}
