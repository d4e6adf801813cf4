import * as decoding from 'lib0/decoding';

/** The most structs and deleted ranges of one update: a person who pastes a long text makes a few dozen. */
const STRUCTS_MAX = 20_000;
const CLIENT_ID_MAX = 0xffff_ffff;
const CLOCK_MAX = 0x7fff_ffff;

export interface StructId {
  readonly client: number;
  readonly clock: number;
}

/** One struct of an update, as far as the gate must know it. */
export interface Struct {
  readonly id: StructId;
  readonly length: number;
  readonly origin: StructId | null;
  readonly rightOrigin: StructId | null;
  /** Null: that of its origin, or right origin. A string: a root of the document. */
  readonly parent: string | StructId | null;
  /** The key in a map; null: in a sequence, or that of its origin. */
  readonly key: string | null;
  readonly content: Content;
}

export type PlainValue = string | number | boolean | null;

export type Content =
  | { readonly kind: 'text'; readonly chars: number }
  /** Plain values, what a map holds under a key: the last one counts, Yjs keeps those it took the place of with it. */
  | { readonly kind: 'values'; readonly values: readonly PlainValue[] }
  | { readonly kind: 'map' };

export interface DeletedRange extends StructId {
  readonly length: number;
}

export interface ReadUpdate {
  readonly structs: readonly Struct[];
  readonly deleted: readonly DeletedRange[];
}

/**
 * Reads a Yjs update (V1 encoding, as in yjs/src/utils/encoding.js) without Yjs, which trusts its input: a V2 update can
 * keep its decoder busy for ever. Throws on anything that is malformed, or that no client of ours would make: what is
 * read is bounded by the bytes, and every kind of content that item documents do not have is refused here.
 */
export function readItemUpdate(bytes: Uint8Array): ReadUpdate {
  const reader = new UpdateReader(bytes);
  const structs = reader.readStructs();
  const deleted = reader.readDeleted();
  reader.expectEnd();
  return { structs, deleted };
}

// The bits of a struct's first byte.
const HAS_ORIGIN = 0b1000_0000;
const HAS_RIGHT_ORIGIN = 0b0100_0000;
const HAS_KEY = 0b0010_0000;
const CONTENT_BITS = 0b0001_1111;
const CONTENT_STRING = 4;
const CONTENT_TYPE = 7;
const CONTENT_ANY = 8;
const TYPE_MAP = 1;

class UpdateReader {
  readonly #decoder: decoding.Decoder;
  #structCount = 0;

  constructor(bytes: Uint8Array) {
    this.#decoder = decoding.createDecoder(bytes);
  }

  readStructs(): Struct[] {
    const structs: Struct[] = [];
    const clients = new Set<number>();
    for (let left = this.#uint(STRUCTS_MAX); left > 0; left -= 1) {
      const count = this.#uint(STRUCTS_MAX);
      const client = this.#uint(CLIENT_ID_MAX);
      let clock = this.#uint(CLOCK_MAX);
      if (count === 0 || clients.has(client)) throw new SyntaxError('an empty or repeated client');
      clients.add(client);
      for (let index = 0; index < count; index += 1) {
        const struct = this.#struct({ client, clock });
        clock += struct.length;
        if (clock > CLOCK_MAX) throw new SyntaxError('a clock beyond all measure');
        structs.push(struct);
      }
    }
    return structs;
  }

  readDeleted(): DeletedRange[] {
    const ranges: DeletedRange[] = [];
    for (let left = this.#uint(STRUCTS_MAX); left > 0; left -= 1) {
      const client = this.#uint(CLIENT_ID_MAX);
      for (let count = this.#uint(STRUCTS_MAX); count > 0; count -= 1) {
        this.#countOne();
        const range = { client, clock: this.#uint(CLOCK_MAX), length: this.#uint(CLOCK_MAX) };
        // Yjs throws where such a one names nothing that it knows.
        if (range.length === 0) throw new SyntaxError('an empty deletion');
        ranges.push(range);
      }
    }
    return ranges;
  }

  expectEnd(): void {
    if (decoding.hasContent(this.#decoder)) throw new SyntaxError('bytes after the update');
  }

  #struct(id: StructId): Struct {
    this.#countOne();
    const info = this.#byte();
    const origin = info & HAS_ORIGIN ? this.#id() : null;
    const rightOrigin = info & HAS_RIGHT_ORIGIN ? this.#id() : null;
    const namesParent = origin === null && rightOrigin === null;
    const parent = namesParent ? (this.#uint(1) === 1 ? this.#text() : this.#id()) : null;
    const key = namesParent && info & HAS_KEY ? this.#text() : null;
    const content = this.#content(info & CONTENT_BITS);
    return {
      id,
      length: lengthOf(content),
      origin,
      rightOrigin,
      parent,
      key,
      content,
    };
  }

  /** Deleted content, GC and Skip are not here: documents run with `gc: false`, and compaction is the server's. */
  #content(kind: number): Content {
    if (kind === CONTENT_STRING) {
      const chars = this.#text().length;
      if (chars === 0) throw new SyntaxError('an empty text');
      return { kind: 'text', chars };
    }
    if (kind === CONTENT_TYPE) {
      if (this.#uint(CLOCK_MAX) !== TYPE_MAP) throw new SyntaxError('a type that item documents do not have');
      return { kind: 'map' };
    }
    const count = kind === CONTENT_ANY ? this.#uint(STRUCTS_MAX) : 0;
    if (count === 0) throw new SyntaxError('content that item documents do not have');
    const values: PlainValue[] = [];
    for (let index = 0; index < count; index += 1) {
      this.#countOne();
      values.push(this.#plainValue());
    }
    return { kind: 'values', values };
  }

  /** The tags of lib0's `writeAny`; nothing nested, no bytes, no bigint, no undefined. */
  #plainValue(): PlainValue {
    switch (this.#byte()) {
      case 126:
        return null;
      case 125:
        return decoding.readVarInt(this.#decoder);
      case 124:
        return this.#finite(decoding.readFloat32(this.#decoder));
      case 123:
        return this.#finite(decoding.readFloat64(this.#decoder));
      case 121:
        return false;
      case 120:
        return true;
      case 119:
        return this.#text();
      default:
        throw new SyntaxError('a value that is not plain');
    }
  }

  #finite(value: number): number {
    if (!Number.isFinite(value)) throw new SyntaxError('not a finite number');
    return value;
  }

  #id(): StructId {
    return { client: this.#uint(CLIENT_ID_MAX), clock: this.#uint(CLOCK_MAX) };
  }

  #text(): string {
    return decoding.readVarString(this.#decoder);
  }

  /** lib0's `readUint8` gives undefined at the end instead of throwing. */
  #byte(): number {
    if (!decoding.hasContent(this.#decoder)) throw new SyntaxError('the update ends too early');
    return decoding.readUint8(this.#decoder);
  }

  #uint(max: number): number {
    const value = decoding.readVarUint(this.#decoder);
    if (value > max) throw new SyntaxError('a number beyond all measure');
    return value;
  }

  #countOne(): void {
    this.#structCount += 1;
    if (this.#structCount > STRUCTS_MAX) throw new SyntaxError('too many structs');
  }
}

function lengthOf(content: Content): number {
  if (content.kind === 'text') return content.chars;
  return content.kind === 'values' ? content.values.length : 1;
}
