import * as Y from 'yjs';
import { CHECKLIST_ENTRIES_MAX, DESCRIPTION_CHARS_MAX } from '#lib/protocol/limits.ts';
import { SLUG_SHAPE } from '#lib/workflow/ids.ts';
import { effortOf } from './item-effort.ts';
import { canBePutInOrder } from './item-order.ts';
import { readItemUpdate, type Content, type ReadUpdate, type Struct, type StructId } from './item-update.ts';

/** Caps of one item document: some hundred times what people write, and little enough to hold many of them. */
export const FACT_KEYS_MAX = 200;
const VALUE_CHARS_MAX = 16_000;
/** What one update may ask of Yjs: about a tenth of a second. */
export const EFFORT_MAX = 2_000_000;

/**
 * `apply`: every struct belongs where it wants to go, and nothing would stay pending; `clients` are those that bring
 * something new, and whose ids must be the writer's own; `effort` is what `effortOf` says. `gap`: something before it is missing here. `epochOver`: it
 * stands on what an earlier epoch of the document was made of. `refuse`: no client of ours makes this.
 */
export type Judgement =
  | { readonly kind: 'apply'; readonly clients: readonly number[]; readonly effort: number }
  | { readonly kind: 'gap' }
  | { readonly kind: 'epochOver' }
  | { readonly kind: 'refuse'; readonly why: string };

const NONE: ReadonlySet<number> = new Set();

/** Judges an update from a client before Yjs sees it. `retired`: client ids of earlier epochs. Changes nothing. */
export function judgeUpdate(doc: Y.Doc, bytes: Uint8Array, retired = NONE): Judgement {
  let update;
  try {
    update = readItemUpdate(bytes);
  } catch (error) {
    return { kind: 'refuse', why: error instanceof Error ? error.message : 'malformed' };
  }
  return standsOn(update, retired) ? { kind: 'epochOver' } : new Gate(doc, update).judge();
}

/** Whether anything in it is of these clients, or stands next to, in or in the place of something of theirs. */
function standsOn({ structs, deleted }: ReadUpdate, retired: ReadonlySet<number>): boolean {
  if (retired.size === 0) return false;
  const isRetired = (id: StructId | string | null) =>
    id !== null && typeof id !== 'string' && retired.has(id.client);
  return (
    deleted.some(isRetired) ||
    structs.some(({ id, origin, rightOrigin, parent }) => [id, origin, rightOrigin, parent].some(isRetired))
  );
}

/** Where in the document a struct belongs: a key of `facts`, the text, the list of entries, or a key of one entry. */
type Place =
  | { readonly root: 'facts'; readonly key: string | null }
  | { readonly root: 'description'; readonly key: string | null }
  | { readonly root: 'checklist'; readonly key: string | null; readonly entry: string | null };

class Gap extends Error {}
class Refused extends Error {}

class Gate {
  readonly #doc: Y.Doc;
  readonly #update: ReadUpdate;
  readonly #byClient = new Map<number, Struct[]>();
  readonly #places = new Map<Struct, Place>();

  constructor(doc: Y.Doc, update: ReadUpdate) {
    this.#doc = doc;
    this.#update = update;
    for (const struct of update.structs) {
      const list = this.#byClient.get(struct.id.client);
      if (list) list.push(struct);
      else this.#byClient.set(struct.id.client, [struct]);
    }
  }

  judge(): Judgement {
    try {
      const news = this.#update.structs.filter((struct) => endOf(struct) > this.#known(struct.id.client));
      this.#checkNothingMissing();
      const known = (client: number) => this.#known(client);
      if (!canBePutInOrder({ byClient: this.#byClient, known }))
        throw new Refused('structs that wait for each other');
      for (const struct of news) checkContent(this.#placeOf(struct), struct.content);
      this.#checkCaps(news);
      const effort = effortOf({
        doc: this.#doc,
        news,
        structAt: (id) => this.#structAt(id),
        listOf: (struct) => this.#listOf(this.#placeOf(struct)),
      });
      if (effort > EFFORT_MAX) throw new Refused('conflicts beyond all measure');
      return { kind: 'apply', clients: [...new Set(news.map((struct) => struct.id.client))], effort };
    } catch (error) {
      if (error instanceof Gap) return { kind: 'gap' };
      if (error instanceof Refused) return { kind: 'refuse', why: error.message };
      throw error;
    }
  }

  #known(client: number): number {
    return Y.getState(this.#doc.store, client);
  }

  /** Of known structs too: Yjs waits for the neighbours of all that it is given. */
  #checkNothingMissing(): void {
    // Structs of one client follow each other without a hole, so only the first can begin too late.
    for (const [client, [first]] of this.#byClient)
      if (first && first.id.clock > this.#known(client)) throw new Gap();
    for (const { origin, rightOrigin, parent } of this.#update.structs) {
      for (const id of [origin, rightOrigin, typeof parent === 'string' ? null : parent]) {
        if (id && !this.#isThere(id)) throw new Gap();
      }
    }
    for (const { client, clock, length } of this.#update.deleted) {
      const last = clock + length - 1;
      if (!this.#isThere({ client, clock: last })) throw new Gap();
    }
  }

  #isThere({ client, clock }: StructId): boolean {
    if (clock < this.#known(client)) return true;
    const last = this.#byClient.get(client)?.at(-1);
    return last !== undefined && clock < endOf(last);
  }

  /** Follows origins until a struct is found that says where it belongs, or that the document already has. */
  #placeOf(start: Struct): Place {
    const path: Struct[] = [];
    const visited = new Set<Struct>();
    let place: Place | undefined;
    for (let struct: Struct | null = start; struct !== null && !place;) {
      if (visited.has(struct)) throw new Refused('structs that stand on each other');
      visited.add(struct);
      path.push(struct);
      place = this.#places.get(struct);
      if (place) break;
      if (struct.parent !== null) {
        place = this.#placeInParent(struct.parent, struct.key);
        break;
      }
      const neighbour: StructId | null = struct.origin ?? struct.rightOrigin;
      if (!neighbour) throw new Refused('a struct without a place');
      place = this.#placeInDocument(neighbour);
      struct = place ? null : this.#structAt(neighbour);
    }
    if (!place) throw new Refused('a struct without a place');
    for (const struct of path) this.#places.set(struct, place);
    return place;
  }

  #placeInParent(parent: string | StructId, key: string | null): Place {
    if (typeof parent === 'string') return placeInRoot(parent, key);
    const isEntry =
      parent.clock < this.#known(parent.client)
        ? this.#isEntryInDocument(parent)
        : this.#isEntryInUpdate(parent);
    if (!isEntry) throw new Refused('a parent that holds nothing');
    return { root: 'checklist', key, entry: nameOf(parent) };
  }

  #isEntryInDocument(id: StructId): boolean {
    const item = itemAt(this.#doc, id);
    return item !== null && item.content instanceof Y.ContentType && item.content.type instanceof Y.Map;
  }

  #isEntryInUpdate(id: StructId): boolean {
    // That the map itself stands in the checklist is found when its own turn comes.
    return this.#structAt(id)?.content.kind === 'map';
  }

  #placeInDocument(id: StructId): Place | undefined {
    if (id.clock >= this.#known(id.client)) return undefined;
    const item = itemAt(this.#doc, id);
    if (!item) throw new Refused('a neighbour that is gone');
    const parent = item.parent;
    if (!(parent instanceof Y.AbstractType)) throw new Refused('a neighbour without a place');
    const entry = parent._item;
    if (entry) return { root: 'checklist', key: item.parentSub, entry: nameOf(entry.id) };
    return placeInRoot(Y.findRootTypeKey(parent), item.parentSub);
  }

  #structAt({ client, clock }: StructId): Struct | null {
    const structs = this.#byClient.get(client) ?? [];
    let low = 0;
    let high = structs.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const struct = structs[middle];
      if (!struct) return null;
      if (clock < struct.id.clock) high = middle - 1;
      else if (clock >= endOf(struct)) low = middle + 1;
      else return struct;
    }
    return null;
  }

  #listOf(place: Place): { readonly name: string; readonly first: StructId | null } {
    const { root, key } = place;
    if (root !== 'checklist' || place.entry === null) {
      const type = root === 'facts' ? this.#doc.getMap(root) : listRoot(this.#doc, root);
      return { name: `${root} ${key}`, first: firstOf(type, key) };
    }
    const [client = 0, clock = 0] = place.entry.split(':').map(Number);
    const item = clock < this.#known(client) ? itemAt(this.#doc, { client, clock }) : null;
    const type = item?.content instanceof Y.ContentType ? item.content.type : null;
    return { name: `entry ${place.entry} ${key}`, first: type && firstOf(type, key) };
  }

  #checkCaps(news: readonly Struct[]): void {
    const places = news.map((struct) => ({ struct, place: this.#placeOf(struct) }));
    const facts = this.#doc.getMap('facts');
    const newKeys = new Set(
      places.flatMap(({ place }) => (place.root === 'facts' && place.key ? [place.key] : [])),
    );
    if (new Set([...facts._map.keys(), ...newKeys]).size > FACT_KEYS_MAX) throw new Refused('too many facts');
    const chars = sum(places, ({ struct, place }) => (place.root === 'description' ? struct.length : 0));
    if (this.#doc.getText('description').length + chars > DESCRIPTION_CHARS_MAX)
      throw new Refused('too long a text');
    const entries = sum(places, ({ struct }) => (struct.content.kind === 'map' ? 1 : 0));
    if (this.#doc.getArray('checklist').length + entries > CHECKLIST_ENTRIES_MAX)
      throw new Refused('too long a list');
    this.#checkNeighbours(places);
  }

  /** Both neighbours of a struct must stand in one list, or Yjs would walk from one into the other and never arrive. */
  #checkNeighbours(places: readonly { readonly struct: Struct; readonly place: Place }[]): void {
    for (const { struct, place } of places) {
      if (!struct.origin || !struct.rightOrigin) continue;
      const right = this.#placeInDocument(struct.rightOrigin) ?? this.#placeOfNeighbour(struct.rightOrigin);
      if (!isSamePlace(place, right)) throw new Refused('neighbours in different places');
    }
  }

  #placeOfNeighbour(id: StructId): Place {
    const struct = this.#structAt(id);
    if (!struct) throw new Refused('a struct without a place');
    return this.#placeOf(struct);
  }
}

function placeInRoot(root: string, key: string | null): Place {
  if (root === 'facts' || root === 'description') return { root, key };
  if (root === 'checklist') return { root, key, entry: null };
  throw new Refused('a root that item documents do not have');
}

function checkContent(place: Place, content: Content): void {
  if (place.root === 'description') {
    if (place.key !== null || content.kind !== 'text') throw new Refused('content that is no text');
  } else if (place.root === 'checklist' && place.entry === null) {
    if (place.key !== null || content.kind !== 'map') throw new Refused('content that is no entry');
  } else {
    if (place.key === null || !SLUG_SHAPE.test(place.key)) throw new Refused('a key that is no slug');
    if (content.kind !== 'values') throw new Refused('content that is no plain value');
    if (content.values.some((value) => typeof value === 'string' && value.length > VALUE_CHARS_MAX))
      throw new Refused('too long a value');
  }
}

function itemAt(doc: Y.Doc, id: StructId): Y.Item | null {
  const struct: unknown = Y.getItem(doc.store, Y.createID(id.client, id.clock));
  return struct instanceof Y.Item ? struct : null;
}

/** The part of a Yjs type that says what its list, and each of its keys, begins with. */
type Beginning = Pick<Y.Map<unknown>, '_start' | '_map'>;

function listRoot(doc: Y.Doc, root: 'description' | 'checklist'): Beginning {
  return root === 'description' ? doc.getText(root) : doc.getArray(root);
}

/** Of a key any of its values will do: where there is one already, a new one without an origin is not alone. */
function firstOf(type: Beginning, key: string | null): StructId | null {
  return (key === null ? type._start : type._map.get(key))?.id ?? null;
}

function isSamePlace(one: Place, other: Place): boolean {
  if (one.root !== other.root || one.key !== other.key) return false;
  return one.root !== 'checklist' || other.root !== 'checklist' || one.entry === other.entry;
}

function nameOf(id: StructId): string {
  return `${id.client}:${id.clock}`;
}

function endOf(struct: Struct): number {
  return struct.id.clock + struct.length;
}

function sum<Value>(values: readonly Value[], amountOf: (value: Value) => number): number {
  return values.reduce((total, value) => total + amountOf(value), 0);
}
