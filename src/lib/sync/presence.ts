import { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';

/** What this person does, for the others to see. Everything is optional; null or absent: nothing. */
export interface OwnPresence {
  readonly lookingAt?: ItemId | null;
  readonly dragging?: ItemId | null;
}

/** One person who is here now, over all of their tabs and devices. */
export interface PersonHere {
  readonly userId: UserId;
  readonly name: string;
  readonly isMe: boolean;
  readonly lookingAt: readonly ItemId[];
  readonly dragging: readonly ItemId[];
}

const SEND_EVERY_MS = 100;
const ID_CHARS_MAX = 64;

/**
 * Who is here. Outlives the documents, because an awareness belongs to one document and a new epoch brings a new one.
 */
export class Presence {
  readonly #user: { readonly id: UserId; readonly name: string };
  readonly #onChange: () => void;
  #awareness: Awareness | null = null;
  #own: OwnPresence = {};
  #timer: ReturnType<typeof setTimeout> | null = null;
  #people: readonly PersonHere[] | null = null;

  constructor(user: { readonly id: UserId; readonly name: string }, onChange: () => void) {
    this.#user = user;
    this.#onChange = onChange;
  }

  /** A new awareness for the document that is about to be connected, with what I do in it. */
  attach(doc: Y.Doc): Awareness {
    const awareness = new Awareness(doc);
    awareness.setLocalState({ ...this.#own });
    awareness.on('change', () => {
      if (awareness === this.#awareness) this.#changed();
    });
    this.#awareness = awareness;
    this.#changed();
    return awareness;
  }

  /** By name, then id. The same array until something changes. */
  get people(): readonly PersonHere[] {
    return (this.#people ??= this.#collect());
  }

  set(presence: OwnPresence): void {
    this.#own = { ...this.#own, ...presence };
    // A drag changes it with every move: the last one counts.
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#awareness?.setLocalState({ ...this.#own });
    }, SEND_EVERY_MS);
  }

  destroy(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#awareness?.destroy();
    this.#awareness = null;
  }

  #collect(): readonly PersonHere[] {
    const people = new Map<UserId, MutablePerson>();
    const { id, name } = this.#user;
    people.set(id, { userId: id, name, isMe: true, lookingAt: [], dragging: [] });
    for (const [clientId, state] of this.#awareness?.getStates() ?? []) {
      const isThisTab = clientId === this.#awareness?.clientID;
      const user = isThisTab ? this.#user : parseUser(state.user);
      if (!user) continue;
      const person = people.get(user.id) ?? {
        userId: user.id,
        name: user.name,
        isMe: false,
        lookingAt: [],
        dragging: [],
      };
      people.set(user.id, person);
      addId(person.lookingAt, state.lookingAt);
      addId(person.dragging, state.dragging);
    }
    return [...people.values()].sort(
      (a, b) => a.name.localeCompare(b.name) || a.userId.localeCompare(b.userId),
    );
  }

  #changed(): void {
    this.#people = null;
    this.#onChange();
  }
}

interface MutablePerson extends PersonHere {
  readonly lookingAt: ItemId[];
  readonly dragging: ItemId[];
}

/** Stamped by the server, but a stranger's server version may do otherwise. */
export function parseUser(value: unknown): { readonly id: UserId; readonly name: string } | null {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('name' in value)) return null;
  const { id, name } = value;
  return typeof id === 'string' && typeof name === 'string' ? { id: id as UserId, name } : null;
}

/** Written by another browser: text from a stranger. */
function addId(ids: ItemId[], value: unknown): void {
  if (typeof value !== 'string' || value.length > ID_CHARS_MAX || ids.includes(value as ItemId)) return;
  ids.push(value as ItemId);
}
