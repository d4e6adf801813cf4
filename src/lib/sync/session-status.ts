/**
 * How far what is on the screen can be trusted to be the truth of now. `since` is by the browser's clock.
 *
 * - `opening`: nothing was heard from the server yet. There may be a stored board to show (`hasContent`).
 * - `live`: a heartbeat within the last 10 s, from a server that has compared itself with the log within 10 s.
 * - `reconnecting`: the connection was lost a moment ago.
 * - `offline`: the browser says there is no network, or reconnecting has not worked for a while.
 * - `storeDown`: the server answers, but cannot use its database: nothing is saved and nothing new arrives.
 * - `ended`: will not come back by itself.
 */
export type SessionStatus =
  | { readonly kind: 'opening' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly since: number }
  | { readonly kind: 'offline'; readonly since: number }
  | { readonly kind: 'storeDown'; readonly since: number }
  | { readonly kind: 'ended'; readonly why: EndedWhy };

/**
 * `signedOut`: no session, or another person's: sign in. `notAllowed`, `noSuchBoard`: go elsewhere. `outdated`: server
 * and page are of different versions: reload; commands are kept but not projected. `refusedContent`: the server
 * refused what this browser wrote.
 */
export type EndedWhy = 'signedOut' | 'notAllowed' | 'noSuchBoard' | 'outdated' | 'refusedContent';

/**
 * Whether what is written here survives a reload. `refused`: the browser keeps nothing for this page. `full`: it has no
 * room left. `lost`: it has kept things, and has deleted or closed its store since. `why` is a technical text for a
 * tooltip or a log.
 */
export type StorageStatus =
  | { readonly kind: 'ok' }
  | { readonly kind: 'unavailable'; readonly cause: StorageFault; readonly why: string };

export type StorageFault = 'refused' | 'full' | 'lost';

/** `otherwise`: what it means if it is not for want of room. */
export function lostStorage(error: unknown, otherwise: Exclude<StorageFault, 'full'>): StorageStatus {
  const isFull = error instanceof Error && error.name === 'QuotaExceededError';
  return { kind: 'unavailable', cause: isFull ? 'full' : otherwise, why: String(error) };
}
