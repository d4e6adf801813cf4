import type { BoardSummary, SessionUser } from '#lib/protocol/api.ts';

/**
 * One thing of the last visit, in localStorage, so that this one begins without waiting for the server. Where the
 * browser refuses storage there is nothing, and all else works.
 */
export class Remembered<Value> {
  readonly #key: string;
  readonly #is: (value: unknown) => value is Value;

  constructor(key: string, is: (value: unknown) => value is Value) {
    this.#key = key;
    this.#is = is;
  }

  read(): Value | null {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(this.#key) ?? 'null');
      return this.#is(stored) ? stored : null;
    } catch {
      // Refused, or not ours: as if nobody had been here.
      return null;
    }
  }

  write(value: Value): void {
    this.#try(() => localStorage.setItem(this.#key, JSON.stringify(value)));
  }

  clear(): void {
    this.#try(() => localStorage.removeItem(this.#key));
  }

  #try(act: () => void): void {
    try {
      act();
    } catch {
      // Storage is full or refused: the next visit asks the server first.
      return;
    }
  }
}

export const rememberedUser = new Remembered<SessionUser>('baton.user', isUser);
/** Of that user; forgotten with them. */
export const rememberedBoards = new Remembered<readonly BoardSummary[]>('baton.boards', areBoards);

function isUser(value: unknown): value is SessionUser {
  return (
    isRecord(value) &&
    [value.id, value.name, value.email].every((text) => typeof text === 'string') &&
    typeof value.isAdmin === 'boolean'
  );
}

function areBoards(value: unknown): value is readonly BoardSummary[] {
  return (
    Array.isArray(value) &&
    value.every(
      (board: unknown) =>
        isRecord(board) && [board.id, board.name, board.role].every((text) => typeof text === 'string'),
    )
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
