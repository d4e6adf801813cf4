import type { Member, Role } from '#lib/workflow/state.ts';

/** The most connections of one person: some tabs on some devices, each with a board and a few items. */
export const CONNECTIONS_PER_USER_MAX = 80;
/** The most from one address: a whole office may share one. */
export const CONNECTIONS_PER_ADDRESS_MAX = 2_000;

/** A page of another site can open a socket with our cookie, but it cannot choose its Origin. */
export function isOriginAllowed(origin: string | undefined, allowedOrigins: ReadonlySet<string>): boolean {
  return origin !== undefined && allowedOrigins.has(origin);
}

/** The strongest role on the board; null: not on it. An admin counts as a lead of every team. */
export function boardRole(member: Member | undefined): Role | null {
  if (!member) return null;
  if (member.isAdmin) return 'lead';
  const roles = Object.values(member.roles);
  if (roles.includes('lead')) return 'lead';
  if (roles.includes('member')) return 'member';
  return roles.includes('viewer') ? 'viewer' : null;
}

/** Counts something by key, knows when a key is at its limit, and forgets keys that are back at nothing. */
export class CappedCounts {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  isFull(key: string): boolean {
    return (this.#counts.get(key) ?? 0) >= this.#max;
  }

  add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  remove(key: string): void {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }

  /** How many keys are counted. */
  get size(): number {
    return this.#counts.size;
  }
}
