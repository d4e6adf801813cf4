import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { readEnded } from '../../src/lib/board/ended-epochs.ts';
import { judgeUpdate } from './item-gate.ts';
import { liveContent } from './live-content.ts';

/** A change by one of three people, who each have a document of their own and hear of the others now and then. */
const change = fc.record({
  by: fc.nat({ max: 2 }),
  merge: fc.boolean(),
  what: fc.oneof(
    fc.record({
      kind: fc.constant('fact' as const),
      key: fc.constantFrom('title', 'company', 'seats', 'plan'),
      value: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
    }),
    fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: fc.string({ unit: 'grapheme' }) }),
    fc.record({ kind: fc.constant('format' as const), at: fc.nat(), length: fc.nat({ max: 9 }) }),
    fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), length: fc.nat({ max: 30 }) }),
    fc.record({ kind: fc.constant('entry' as const), at: fc.nat(), label: fc.string() }),
    fc.record({ kind: fc.constant('tick' as const), at: fc.nat(), isDone: fc.boolean() }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
  ),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;
type What = Change['what'];

function apply(doc: Y.Doc, what: What): void {
  const facts = doc.getMap('facts');
  const text = doc.getText('description');
  const list = doc.getArray<Y.Map<unknown>>('checklist');
  const inText = 'at' in what ? what.at % (text.length + 1) : 0;
  const entry = 'at' in what && list.length > 0 ? list.get(what.at % list.length) : null;
  switch (what.kind) {
    case 'fact':
      return void (what.value === undefined ? facts.delete(what.key) : facts.set(what.key, what.value));
    case 'insert':
      return text.insert(inText, what.text);
    case 'format':
      return text.format(inText, Math.min(what.length, text.length - inText), { bold: true });
    case 'delete':
      return text.delete(inText, Math.min(what.length, text.length - inText));
    case 'entry':
      return list.insert(what.at % (list.length + 1), [new Y.Map([['label', what.label]])]);
    case 'tick':
      return void entry?.set('isDone', what.isDone);
    case 'remove':
      return entry ? list.delete(what.at % list.length) : undefined;
  }
}

function written(changes: readonly Change[]): Y.Doc {
  const docs = [1, 2, 3].map((clientId) => {
    const doc = new Y.Doc({ gc: false });
    doc.clientID = clientId;
    return doc;
  });
  const [all = new Y.Doc()] = docs;
  for (const { by, merge, what } of changes) {
    const doc = docs[by] ?? all;
    apply(doc, what);
    if (merge) for (const other of docs) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  }
  for (const doc of docs) Y.applyUpdate(all, Y.encodeStateAsUpdate(doc));
  return all;
}

function contentOf(doc: Y.Doc) {
  return {
    facts: doc.getMap('facts').toJSON(),
    description: passagesOf(doc.getText('description')),
    checklist: doc.getArray('checklist').toJSON(),
  };
}

interface Passage {
  readonly insert: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The text by its formatting: Yjs may tell one passage in two where it has forgotten a mark between them. */
function passagesOf(text: Y.Text): Passage[] {
  const passages: Passage[] = [];
  for (const next of text.toDelta() as Passage[]) {
    const last = passages.at(-1);
    if (last && JSON.stringify(last.attributes) === JSON.stringify(next.attributes))
      passages.splice(-1, 1, { ...last, insert: last.insert + next.insert });
    else passages.push(next);
  }
  return passages;
}

function opened(update: Uint8Array): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, update);
  return doc;
}

test('S75: whatever was written, a new epoch has the same facts, description and checklist, all under one client id', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const doc = written(changes);
      const fresh = opened(liveContent(doc, 1_000, 1));
      expect(contentOf(fresh)).toEqual(contentOf(doc));
      expect([fresh.store.pendingStructs, fresh.store.pendingDs]).toEqual([null, null]);
      expect([...fresh.store.clients.keys()].every((client) => client === 1_000)).toBe(true);
      expect([...Y.snapshot(fresh).ds.clients]).toEqual([]);
      expect(liveContent(doc, 1_000, 1).byteLength).toBeLessThanOrEqual(
        Y.encodeStateAsUpdate(doc).byteLength + 60,
      );
    }),
    { numRuns: 300 },
  );
});

test('S75: what was deleted and written over costs nothing any more', () => {
  const doc = new Y.Doc({ gc: false });
  const text = doc.getText('description');
  text.insert(0, 'kept');
  for (let round = 0; round < 1_000; round += 1) {
    doc.getMap('facts').set('seats', round);
    text.insert(2, 'gone');
    text.delete(2, 4);
  }
  const fresh = liveContent(doc, 1_000, 1);
  expect(contentOf(opened(fresh))).toEqual(contentOf(doc));
  expect(fresh.byteLength * 100).toBeLessThan(Y.encodeStateAsUpdate(doc).byteLength);
});

test('S120: a new epoch says what the last four held when they ended, and of a large one no deletions', () => {
  let doc = written([]);
  const ends: Y.Snapshot[] = [];
  for (let epoch = 1; epoch <= 6; epoch += 1) {
    doc.getText('description').insert(0, `alice in epoch ${String(epoch)}. `);
    doc.getText('description').delete(0, 6);
    ends.push(Y.snapshot(doc));
    doc = opened(liveContent(doc, 1_000 + epoch, epoch));
  }
  const notes = readEnded(doc);
  expect(notes).toHaveLength(4);
  for (const [index, note] of notes.entries())
    expect(Y.equalSnapshots(note, ends[2 + index] as Y.Snapshot)).toBe(true);

  const text = doc.getText('description');
  text.insert(0, 'ab'.repeat(11_000));
  doc.transact(() => {
    for (let at = 0; at < 11_000; at += 1) text.delete(at, 1);
  });
  const large = Y.snapshot(doc);
  const [note] = readEnded(opened(liveContent(doc, 2_000, 7))).slice(-1);
  expect(note?.sv).toEqual(large.sv);
  expect(note?.ds.clients.size).toBe(0);
});

test('S121: no client writes what the server says of earlier epochs, nor stands anything on it', () => {
  const doc = opened(liveContent(written([]), 1_000, 1));
  const bob = new Y.Doc({ gc: false });
  bob.getMap('ended').set('1', 'forged');
  expect(judgeUpdate(doc, Y.encodeStateAsUpdate(bob))).toMatchObject({ kind: 'refuse' });
  const mallory = new Y.Doc({ gc: false });
  Y.applyUpdate(mallory, Y.encodeStateAsUpdate(doc));
  mallory.getMap('ended').set('1', 'forged');
  const forged = Y.encodeStateAsUpdate(mallory, Y.encodeStateVector(doc));
  expect(judgeUpdate(doc, forged)).toMatchObject({ kind: 'refuse' });
});
