/** Long enough for a reload of the page, short enough that a quiet board costs nothing. */
export const IDLE_KEPT_MS = 30_000;

/** Remembers since when each room has had nobody who uses it. */
export class IdleRooms {
  readonly #now: () => number;
  readonly #idleSince = new WeakMap<object, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Somebody has asked for it, and has the whole idle time to begin using it. */
  touch(room: object): void {
    this.#idleSince.delete(room);
  }

  /** Whether it can go: nobody has used it for the whole idle time, as far as it was looked at. */
  hasIdled(room: { readonly isIdle: boolean }): boolean {
    if (!room.isIdle) {
      this.#idleSince.delete(room);
      return false;
    }
    const nowMs = this.#now();
    const since = this.#idleSince.get(room) ?? nowMs;
    this.#idleSince.set(room, since);
    return nowMs - since >= IDLE_KEPT_MS;
  }
}
