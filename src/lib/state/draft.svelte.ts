import type { BoardId, FieldKey, ItemId, UserId } from '#lib/workflow/ids.ts';

const PREFIX = 'baton.draft.';

export type DraftKind =
  | 'newItem'
  | 'comment'
  | 'handoffNote'
  | 'readBack'
  | 'deviationReason'
  | 'return'
  | 'sendBack'
  | 'wait'
  | 'cancel'
  | 'reopen'
  /** What was typed into a field and can't be written there, or not yet. */
  | `field.${FieldKey}`;

/**
 * A text that somebody is writing about an item, or for a new one of a board, and has sent nowhere yet. A closed sheet
 * and a reload leave it where it was, in this tab; where the browser refuses storage it lasts as long as its field.
 */
export class Draft {
  readonly #key: string;
  #text = $state('');

  constructor(userId: UserId, about: ItemId | BoardId, kind: DraftKind) {
    this.#key = `${PREFIX}${userId}.${about}.${kind}`;
    this.#text = withStorage((storage) => storage.getItem(this.#key)) ?? '';
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    withStorage((storage) => {
      if (text === '') storage.removeItem(this.#key);
      else storage.setItem(this.#key, text);
    });
  }

  /** It has been sent, unless `wasSent` says that it was not. Answers what it was told. */
  clearIf(wasSent: boolean): boolean {
    if (wasSent) this.text = '';
    return wasSent;
  }
}

/** Whoever signs out leaves nothing behind. */
export function clearDrafts(): void {
  withStorage((storage) => {
    for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
  });
}

function withStorage<Result>(act: (storage: Storage) => Result): Result | null {
  try {
    return act(sessionStorage);
  } catch {
    // Refused, full, or not there.
    return null;
  }
}
