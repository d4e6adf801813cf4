import { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { SLUG_SHAPE, UUID_SHAPE, type FieldKey, type ItemId, type UserId } from '#lib/workflow/ids.ts';

/** Where somebody writes: a field of an item; null: its description or its checklist. */
export interface Writing {
  readonly itemId: ItemId;
  readonly field: FieldKey | null;
}

/** What this person does, for the others to see. Everything is optional; null or absent: nothing. */
export interface OwnPresence {
  readonly lookingAt?: ItemId | null;
  readonly dragging?: ItemId | null;
  readonly writing?: Writing | null;
}

/** One person who is here now, over all of their tabs and devices. */
export interface PersonHere {
  readonly userId: UserId;
  readonly name: string;
  readonly isMe: boolean;
  readonly lookingAt: readonly ItemId[];
  readonly dragging: readonly ItemId[];
  readonly writing: readonly Writing[];
}

const SEND_EVERY_MS = 100;

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
    people.set(id, { userId: id, name, isMe: true, ...nothingDone() });
    for (const [clientId, state] of this.#awareness?.getStates() ?? []) {
      const isThisTab = clientId === this.#awareness?.clientID;
      const user = isThisTab ? this.#user : parseUser(state.user);
      if (!user) continue;
      const person = people.get(user.id) ?? {
        userId: user.id,
        name: user.name,
        isMe: false,
        ...nothingDone(),
      };
      people.set(user.id, person);
      addId(person.lookingAt, state.lookingAt);
      addId(person.dragging, state.dragging);
      addWriting(person.writing, state.writing);
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
  readonly writing: Writing[];
}

function nothingDone(): Pick<MutablePerson, 'lookingAt' | 'dragging' | 'writing'> {
  return { lookingAt: [], dragging: [], writing: [] };
}

/** Stamped by the server, but a stranger's server version may do otherwise. */
export function parseUser(value: unknown): { readonly id: UserId; readonly name: string } | null {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('name' in value)) return null;
  const { id, name } = value;
  return typeof id === 'string' && typeof name === 'string' ? { id: id as UserId, name } : null;
}

/** Written by another browser: anything may stand there. */
function addId(ids: ItemId[], value: unknown): void {
  if (isItemId(value) && !ids.includes(value)) ids.push(value);
}

function addWriting(places: Writing[], value: unknown): void {
  if (typeof value !== 'object' || value === null || !('itemId' in value) || !('field' in value)) return;
  const { itemId, field } = value;
  if (!isItemId(itemId) || (field !== null && !isFieldKey(field))) return;
  if (places.some((place) => place.itemId === itemId && place.field === field)) return;
  places.push({ itemId, field });
}

function isItemId(value: unknown): value is ItemId {
  return typeof value === 'string' && UUID_SHAPE.test(value);
}

function isFieldKey(value: unknown): value is FieldKey {
  return typeof value === 'string' && SLUG_SHAPE.test(value);
}
