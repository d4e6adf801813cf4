import { wrap } from 'idb';
import type { UserId } from '#lib/workflow/ids.ts';
import { withDeadline } from './deadline.ts';
import { browserEnvironment } from './environment.ts';
import type { SyncEnvironment } from './environment.ts';
import { TabChannel } from './tab-channel.ts';
import { readUnsentItems } from './unsent-items.ts';
import { itemDatabaseName, openUserDatabase, userDatabaseName } from './user-database.ts';
import type { UserDatabase } from './user-database.ts';

/** Caches of a service worker that hold what belongs to a user begin with this; the others hold the app itself. */
const DATA_CACHE_PREFIX = 'baton-data-';

const DELETE_TIMEOUT_MS = 5_000;

/**
 * How many commands, and items with text, of this user have not reached the server: to warn before signing out. None
 * where the browser refuses storage.
 */
export async function unsentCount(userId: UserId, given?: Partial<SyncEnvironment>): Promise<number> {
  const environment = { ...browserEnvironment(), ...given };
  return (await readOnce(environment, userId, countUnsent)) ?? 0;
}

/**
 * Deletes all that this browser holds of the user, and ends their sessions in every tab, this one included. Rejects if
 * something could not be deleted.
 */
export async function clearLocalData(userId: UserId, given?: Partial<SyncEnvironment>): Promise<void> {
  const environment = { ...browserEnvironment(), ...given };
  const tabs = new TabChannel(environment, userId, () => undefined);
  tabs.post({ kind: 'signedOut' });
  try {
    await Promise.all([deleteDatabases(environment, userId), deleteCaches()]);
  } finally {
    tabs.close();
  }
}

/** Calls when another tab signs this user out, until the answer is called. */
export function onSignOutElsewhere(
  userId: UserId,
  listener: () => void,
  given?: Partial<SyncEnvironment>,
): () => void {
  const environment = { ...browserEnvironment(), ...given };
  const tabs = new TabChannel(environment, userId, ({ kind }) => {
    if (kind === 'signedOut') listener();
  });
  return () => tabs.close();
}

async function countUnsent(database: UserDatabase): Promise<number> {
  const [entries, items] = await Promise.all([database.getAll('outbox'), readUnsentItems(database)]);
  const isUnsent = entries.filter(({ state }) => state.kind === 'queued');
  return isUnsent.length + items.length;
}

async function deleteDatabases(environment: SyncEnvironment, userId: UserId): Promise<void> {
  const { indexedDB } = environment;
  if (!indexedDB) return;
  const items = (await readOnce(environment, userId, (database) => database.getAll('item'))) ?? [];
  const names = new Set(
    items.flatMap(({ itemId, file, leftovers }) =>
      [file, ...leftovers].map((one) => itemDatabaseName(userId, itemId, one)),
    ),
  );
  for (const name of await listDatabases(indexedDB)) {
    if (name.startsWith(`${userDatabaseName(userId)}-`)) names.add(name);
  }
  // The one that lists the others goes last, so that an interrupted deletion can be taken up again.
  await Promise.all([...names].map((name) => deleteDatabase(indexedDB, name)));
  await deleteDatabase(indexedDB, userDatabaseName(userId));
}

function deleteDatabase(factory: IDBFactory, name: string): Promise<unknown> {
  return withDeadline(wrap(factory.deleteDatabase(name)), DELETE_TIMEOUT_MS, `Deleting ${name}`);
}

async function listDatabases(factory: IDBFactory): Promise<string[]> {
  try {
    return (await factory.databases()).flatMap(({ name }) => name ?? []);
  } catch {
    // Not every browser can list them; the user's own list has to do.
    return [];
  }
}

async function deleteCaches(): Promise<void> {
  const { caches } = globalThis as Partial<typeof globalThis>;
  if (!caches) return;
  const names = await caches.keys();
  const own = names.filter((name) => name.startsWith(DATA_CACHE_PREFIX));
  await Promise.all(own.map((name) => caches.delete(name)));
}

/** Null where the database cannot be opened. */
async function readOnce<Value>(
  environment: SyncEnvironment,
  userId: UserId,
  read: (database: UserDatabase) => Promise<Value>,
): Promise<Value | null> {
  let database: UserDatabase | null = null;
  try {
    database = await openUserDatabase(environment.indexedDB, userId, () => undefined);
    return await read(database);
  } catch {
    // Refused storage holds nothing.
    return null;
  } finally {
    database?.close();
  }
}
