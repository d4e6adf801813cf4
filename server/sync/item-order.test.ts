import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { judgeUpdate } from './item-gate.ts';

/** What the document has: three letters of one client. */
const KNOWN = 9;
const WRITERS = [1, 2, 3];
const LETTERS_MAX = 3;

interface Named {
  readonly client: number;
  readonly clock: number;
}
interface Letter {
  readonly origin: Named | null;
  readonly rightOrigin: Named | null;
}

const anyId = fc.record({
  client: fc.constantFrom(KNOWN, ...WRITERS),
  clock: fc.nat({ max: LETTERS_MAX - 1 }),
});
const anyLetter = fc.record({
  origin: fc.option(anyId, { freq: 2 }),
  rightOrigin: fc.option(anyId, { freq: 1 }),
});
const anyUpdate = fc.tuple(
  // Seldom fewer, so that what is named is mostly there.
  ...WRITERS.map(() => fc.array(anyLetter, { minLength: LETTERS_MAX - 1, maxLength: LETTERS_MAX })),
) as fc.Arbitrary<Letter[][]>;

function knownDocument(): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = KNOWN;
  doc.getMap('facts');
  doc.getArray('checklist');
  doc.getText('description').insert(0, 'abc');
  return doc;
}

/** As the V1 encoding writes it; a letter that names nobody begins the text. */
function updateOf(letters: readonly (readonly Letter[])[]): Uint8Array {
  const encoder = encoding.createEncoder();
  const written = letters.flatMap((list, index) =>
    list.length > 0 ? [{ client: WRITERS[index] ?? 0, list }] : [],
  );
  encoding.writeVarUint(encoder, written.length);
  for (const { client, list } of written) {
    for (const number of [list.length, client, 0]) encoding.writeVarUint(encoder, number);
    for (const { origin, rightOrigin } of list) {
      encoding.writeUint8(encoder, 4 | (origin ? 128 : 0) | (rightOrigin ? 64 : 0));
      for (const id of [origin, rightOrigin]) {
        if (!id) continue;
        encoding.writeVarUint(encoder, id.client);
        encoding.writeVarUint(encoder, id.clock);
      }
      if (!origin && !rightOrigin) {
        encoding.writeVarUint(encoder, 1);
        encoding.writeVarString(encoder, 'description');
      }
      encoding.writeVarString(encoder, 'x');
    }
  }
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** Whether Yjs takes all of it, at once. */
function isTaken(update: Uint8Array): boolean {
  const doc = knownDocument();
  try {
    Y.applyUpdate(doc, update);
  } catch {
    return false;
  }
  return doc.store.pendingStructs === null && doc.store.pendingDs === null;
}

test('S118: the gate lets through exactly what Yjs takes at once, whoever names whom', () => {
  const seen = { apply: 0, refuse: 0, gap: 0, epochOver: 0 };
  fc.assert(
    fc.property(anyUpdate, (letters) => {
      const update = updateOf(letters);
      const { kind } = judgeUpdate(knownDocument(), update);
      seen[kind] += 1;
      expect(kind === 'apply').toBe(isTaken(update));
    }),
    { numRuns: 3_000 },
  );
  for (const kind of ['apply', 'refuse', 'gap'] as const) expect(seen[kind]).toBeGreaterThan(100);
});

test('S118: what several people wrote one after the other is taken in whatever order their clients stand', () => {
  const docs = WRITERS.map((clientId) => {
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(knownDocument()));
    doc.clientID = clientId;
    return doc;
  });
  for (let round = 0; round < 60; round += 1) {
    const writer = docs[round % docs.length];
    const other = docs[(round * 7 + 1) % docs.length];
    if (!writer || !other) throw new Error('Nobody writes.');
    Y.applyUpdate(writer, Y.encodeStateAsUpdate(other));
    const text = writer.getText('description');
    text.insert((round * 5) % (text.length + 1), `${String(round)} `);
  }
  for (const doc of docs) expect(judgeUpdate(knownDocument(), Y.encodeStateAsUpdate(doc)).kind).toBe('apply');
});
