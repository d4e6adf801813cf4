import * as encoding from 'lib0/encoding';
import type { Seeded } from '../convergence/seeded.ts';

type Mutation = (frame: Uint8Array, random: Seeded, others: readonly Uint8Array[]) => Uint8Array;

const FRAME_BYTES_MAX = 8_192;

/** One frame made out of another, or of two. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  /** One to four bits are turned. */
  flipped: (frame, random) => {
    const bytes = frame.slice();
    for (let left = 1 + random.below(4); left > 0 && bytes.length > 0; left -= 1) {
      const at = random.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
    return bytes;
  },
  overwritten: (frame, random) => {
    const bytes = frame.slice();
    if (bytes.length > 0)
      bytes[random.below(bytes.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, 0x28, 0x84, 0xc4]);
    return bytes;
  },
  cut: (frame, random) => frame.slice(0, random.below(frame.length + 1)),
  beheaded: (frame, random) => joined(frame.slice(0, 2), frame.slice(random.below(frame.length + 1))),
  spliced: (frame, random, others) => {
    const other = random.pick(others);
    return joined(
      frame.slice(0, random.below(frame.length + 1)),
      other.slice(random.below(other.length + 1)),
    );
  },
  repeated: (frame, random) => {
    const from = random.below(frame.length + 1);
    const part = frame.slice(from, from + random.below(32));
    return joined(
      frame.slice(0, from),
      ...Array.from({ length: 2 + random.below(20) }, () => part),
      frame.slice(from),
    );
  },
  /** A number grows by continuation bytes. */
  grown: (frame, random) => {
    const at = random.below(frame.length + 1);
    const grown = new Uint8Array(1 + random.below(10)).fill(0xff);
    return joined(frame.slice(0, at), grown, frame.slice(at));
  },
  /** A frame inside a frame, the lengths right. */
  nested: (frame, random) => rewrapped(random.pick([0, 1, 2, 100, 101]), random.below(4), frame),
  /** What a frame carries, changed inside while its length stays right: it gets to the second check. */
  inside: (frame, random, others) => {
    const isCommand = frame[0] === 100;
    const inner = frame.slice(3);
    const change = random.pick(['flipped', 'overwritten', 'cut', 'repeated', 'grown', 'spliced'] as const);
    return rewrapped(
      isCommand ? 100 : 0,
      1 + random.below(2),
      MUTATIONS[change]?.(inner, random, others) ?? inner,
    );
  },
  retyped: (frame, random) => joined(new Uint8Array([random.below(256)]), frame.slice(1)),
};

export interface Mutant {
  readonly how: string;
  readonly bytes: Uint8Array;
}

/** The next one: one to three mutations, one after the other. */
export function mutant(frames: readonly Uint8Array[], random: Seeded): Mutant {
  let bytes = random.pick(frames);
  const how: string[] = [];
  for (let left = random.percent(70) ? 1 : 2 + random.below(2); left > 0; left -= 1) {
    const [name, mutate] = random.pick(Object.entries(MUTATIONS));
    how.push(name);
    // Large ones are their own test; here they would only cost the time of many small ones.
    bytes = mutate(bytes, random, frames).slice(0, FRAME_BYTES_MAX);
  }
  return { how: how.join(' '), bytes };
}

export const MUTATION_NAMES = Object.keys(MUTATIONS);

function rewrapped(type: number, step: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  if (type === 0) encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
