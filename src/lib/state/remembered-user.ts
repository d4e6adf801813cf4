import type { SessionUser } from '#lib/protocol/api.ts';

const KEY = 'baton.user';

/** The user of the last visit, in localStorage. Where the browser refuses storage there is none, and all else works. */
export class RememberedUser {
  read(): SessionUser | null {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
      return isUser(stored) ? stored : null;
    } catch {
      // Refused, or not ours: as if nobody had been here.
      return null;
    }
  }

  write({ id, name, email, isAdmin }: SessionUser): void {
    this.#try(() => localStorage.setItem(KEY, JSON.stringify({ id, name, email, isAdmin })));
  }

  clear(): void {
    this.#try(() => localStorage.removeItem(KEY));
  }

  #try(act: () => void): void {
    try {
      act();
    } catch {
      // Storage is full or refused: the next visit asks the server first.
    }
  }
}

function isUser(value: unknown): value is SessionUser {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, email, isAdmin } = value as Partial<Record<keyof SessionUser, unknown>>;
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof email === 'string' &&
    typeof isAdmin === 'boolean'
  );
}
