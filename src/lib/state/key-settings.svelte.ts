import type { UserId } from '#lib/workflow/ids.ts';

const PREFIX = 'baton.keys.';
const OFF = 'off';

/**
 * Whether keys without a modifier do anything: whoever dictates, or types by accident, switches them off (WCAG 2.1.4).
 * One person's choice, in this browser; where it keeps nothing, for as long as the page.
 */
export class KeySettings {
  readonly #key: string;
  #hasLetters = $state(true);

  constructor(userId: UserId) {
    this.#key = PREFIX + userId;
    this.#hasLetters = withStorage((storage) => storage.getItem(this.#key)) !== OFF;
  }

  get hasLetters(): boolean {
    return this.#hasLetters;
  }

  set hasLetters(on: boolean) {
    this.#hasLetters = on;
    withStorage((storage) => {
      if (on) storage.removeItem(this.#key);
      else storage.setItem(this.#key, OFF);
    });
  }
}

function withStorage<Value>(use: (storage: Storage) => Value): Value | null {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}
