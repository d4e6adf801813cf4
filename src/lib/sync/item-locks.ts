import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { withDeadline } from './deadline.ts';
import type { SyncEnvironment } from './environment.ts';

/** A tab that opens an item waits so long for the job that is just writing its copy. */
const OPEN_TIMEOUT_MS = 3_000;
const MOVE_TIMEOUT_MS = 10_000;

type Locks = SyncEnvironment['locks'];

/** Held by every tab that has the item open, for as long as it has; answers how to let it go. */
export async function holdItemOpen(locks: Locks, userId: UserId, itemId: ItemId): Promise<() => void> {
  if (!locks) return () => undefined;
  const aborter = new AbortController();
  let release: () => void = () => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  const isHeld = new Promise<void>((resolve, reject) => {
    const options = { mode: 'shared', signal: aborter.signal } as const;
    locks
      .request(openName(userId, itemId), options, () => {
        resolve();
        return isReleased;
      })
      .catch(reject);
  });
  try {
    await withDeadline(isHeld, OPEN_TIMEOUT_MS, 'The lock of the item');
  } catch (error) {
    aborter.abort();
    release();
    throw error;
  }
  return release;
}

/** Runs it if no tab has the item open, and lets none open it meanwhile. Answers whether it ran. */
export async function whileItemClosed(
  locks: NonNullable<Locks>,
  { userId, itemId }: { readonly userId: UserId; readonly itemId: ItemId },
  act: () => Promise<void>,
): Promise<boolean> {
  const name = openName(userId, itemId);
  return await locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await act();
    return lock !== null;
  });
}

/** One tab at a time: two that move one copy to another epoch would each bring the same text along. */
export async function whileMoving<Value>(
  locks: Locks,
  { userId, itemId }: { readonly userId: UserId; readonly itemId: ItemId },
  act: () => Promise<Value>,
): Promise<Value> {
  if (!locks) return await act();
  const options = { signal: AbortSignal.timeout(MOVE_TIMEOUT_MS) };
  return await locks.request(`${openName(userId, itemId)}-move`, options, act);
}

function openName(userId: UserId, itemId: ItemId): string {
  return `baton-item-${userId}-${itemId}`;
}
