import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { CHECKLIST_ENTRIES_MAX, DESCRIPTION_CHARS_MAX } from '#lib/protocol/limits.ts';
import { EFFORT_MAX, FACT_KEYS_MAX, judgeUpdate } from './item-gate.ts';

/** What a client that has `known` sends after this change. */
function updateOf(change: (doc: Y.Doc) => void, known?: Y.Doc): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  if (known) Y.applyUpdate(doc, Y.encodeStateAsUpdate(known));
  const before = Y.encodeStateVector(doc);
  change(doc);
  return Y.encodeStateAsUpdate(doc, before);
}

function documentWith(change: (doc: Y.Doc) => void): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, updateOf(change));
  return doc;
}

const written = documentWith((doc) => {
  doc.getMap('facts').set('company', 'Acme Ltd');
  doc.getText('description').insert(0, 'They want to start in May.');
  doc.getArray('checklist').push([new Y.Map([['label', 'Call them']])]);
});

const entryOf = (doc: Y.Doc) => doc.getArray<Y.Map<unknown>>('checklist').get(0);

const allowed: [string, (doc: Y.Doc) => void][] = [
  [
    'a fact of each kind',
    (doc) =>
      ['x', 1, 1.5, -7, true, false, null].forEach((value, i) => doc.getMap('facts').set(`k${i}`, value)),
  ],
  ['a fact again', (doc) => doc.getMap('facts').set('company', 'Acme Limited')],
  ['a fact five times', (doc) => [1, 2, 3, 4, 5].forEach((seats) => doc.getMap('facts').set('seats', seats))],
  ['a deleted fact', (doc) => doc.getMap('facts').delete('company')],
  ['text in the middle', (doc) => doc.getText('description').insert(5, 'really 😀 ')],
  ['deleted text', (doc) => doc.getText('description').delete(0, 5)],
  [
    'text typed letter by letter',
    (doc) => [...'hello'].forEach((letter, i) => doc.getText('description').insert(i, letter)),
  ],
  [
    'an entry',
    (doc) =>
      doc.getArray('checklist').insert(0, [
        new Y.Map<unknown>([
          ['label', 'x'],
          ['done', false],
        ]),
      ]),
  ],
  ['a ticked entry', (doc) => entryOf(doc).set('done', true)],
  ['a deleted entry', (doc) => doc.getArray('checklist').delete(0, 1)],
  ['a long text', (doc) => doc.getText('description').insert(0, 'x'.repeat(DESCRIPTION_CHARS_MAX - 100))],
];

test.each(allowed)('S62: %s passes', (_what, change) => {
  const update = updateOf(change, written);
  expect(judgeUpdate(written, update).kind).toBe('apply');
  const copy = documentWith(() => undefined);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(written));
  Y.applyUpdate(copy, update);
  expect([copy.store.pendingStructs, copy.store.pendingDs]).toEqual([null, null]);
});

const refused: [string, (doc: Y.Doc) => void][] = [
  ['another root', (doc) => doc.getMap('admin').set('role', 'lead')],
  ['a key with a blank', (doc) => doc.getMap('facts').set('a b', 1)],
  ['the key __proto__', (doc) => doc.getMap('facts').set('__proto__', 1)],
  ['a nested value', (doc) => doc.getMap('facts').set('a', { b: 1 })],
  ['bytes', (doc) => doc.getMap('facts').set('a', new Uint8Array(3))],
  ['a bigint', (doc) => doc.getMap('facts').set('a', 5n)],
  ['infinity', (doc) => doc.getMap('facts').set('a', Infinity)],
  ['a type in a fact', (doc) => doc.getMap('facts').set('a', new Y.Text('x'))],
  ['a list in the facts', (doc) => doc.getArray('facts').push([1])],
  ['a document', (doc) => doc.getMap('facts').set('a', new Y.Doc())],
  ['a huge value', (doc) => doc.getMap('facts').set('a', 'x'.repeat(20_000))],
  ['formatted text', (doc) => doc.getText('description').insert(0, 'bold', { bold: true })],
  ['an embed', (doc) => doc.getText('description').insertEmbed(0, { image: 'x' })],
  ['a key on the text', (doc) => doc.getText('description').setAttribute('onclick', 'x')],
  ['a value in the list', (doc) => doc.getArray('checklist').push(['x'])],
  ['a text in the list', (doc) => doc.getArray('checklist').push([new Y.Text('x')])],
  ['a map in an entry', (doc) => entryOf(doc).set('sub', new Y.Map([['a', 1]]))],
  ['XML', (doc) => doc.getXmlFragment('description').insert(0, [new Y.XmlElement('script')])],
  [
    'too many facts',
    (doc) => Array.from({ length: FACT_KEYS_MAX + 1 }, (_, i) => doc.getMap('facts').set(`k${i}`, 1)),
  ],
  ['too long a text', (doc) => doc.getText('description').insert(0, 'x'.repeat(DESCRIPTION_CHARS_MAX + 1))],
  [
    'too many entries',
    (doc) =>
      doc.getArray('checklist').push(Array.from({ length: CHECKLIST_ENTRIES_MAX + 1 }, () => new Y.Map())),
  ],
];

test.each(refused)('S62: %s is refused', (_what, change) => {
  expect(judgeUpdate(written, updateOf(change, written)).kind).toBe('refuse');
});

test('S61: a V2 update is refused at once', () => {
  const doc = documentWith((it) => it.getMap('facts').set('company', 'Acme Ltd'));
  expect(judgeUpdate(written, Y.encodeStateAsUpdateV2(doc)).kind).toBe('refuse');
});

test('S61: GC, Skip and deleted content are refused', () => {
  const collected = new Y.Doc();
  collected.getText('description').insert(0, 'gone');
  collected.getText('description').delete(0, 4);
  expect(judgeUpdate(written, Y.encodeStateAsUpdate(collected)).kind).toBe('refuse');
  for (const info of [0, 10])
    expect(judgeUpdate(written, new Uint8Array([1, 1, 5, 0, info, 3, 0])).kind).toBe('refuse');
});

test('S61: no cut, and no changed byte, of an update makes the gate throw or hang', () => {
  const update = updateOf((doc) => {
    doc.getMap('facts').set('a', 'text');
    doc.getText('description').insert(3, 'more');
    entryOf(doc).set('done', true);
  }, written);
  for (let cut = 0; cut < update.length; cut += 1) {
    expect(judgeUpdate(written, update.slice(0, cut)).kind).toBe('refuse');
    for (const value of [0, 1, 10, 127, 128, 255]) {
      const changed = update.slice();
      changed[cut] = value;
      const judgement = judgeUpdate(written, changed);
      if (judgement.kind !== 'apply') continue;
      const copy = new Y.Doc({ gc: false });
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(written));
      Y.applyUpdate(copy, changed);
    }
  }
});

test('S61: lengths beyond all measure are refused before anything is made of them', () => {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, 2 ** 40);
  expect(judgeUpdate(written, encoding.toUint8Array(encoder)).kind).toBe('refuse');
});

test('S64: what builds on something unknown is a gap: a clock, a neighbour, a deletion', () => {
  const alice = new Y.Doc({ gc: false });
  const updates: Uint8Array[] = [];
  alice.on('update', (update: Uint8Array) => void updates.push(update));
  alice.getText('description').insert(0, 'one');
  alice.getText('description').insert(3, 'two');
  alice.getText('description').delete(0, 1);
  const [, second = new Uint8Array(), deletion = new Uint8Array()] = updates;
  expect([second, deletion].map((update) => judgeUpdate(written, update).kind)).toEqual(['gap', 'gap']);
  const bob = updateOf((doc) => doc.getText('description').insert(3, 'bob'), alice);
  expect(judgeUpdate(written, bob).kind).toBe('gap');
  expect(judgeUpdate(written, Y.mergeUpdates(updates)).kind).toBe('apply');
});

test('S63: only the clients that bring something new must be claimed', () => {
  const alice = new Y.Doc({ gc: false });
  Y.applyUpdate(alice, Y.encodeStateAsUpdate(written));
  alice.getMap('facts').set('seats', 3);
  const judgement = judgeUpdate(written, Y.encodeStateAsUpdate(alice));
  expect(judgement).toEqual({ kind: 'apply', clients: [alice.clientID], effort: 0 });
});

/** All between the beginning of the text and another letter each time, so that Yjs walks through all before it. */
function crowdedUpdate(count: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [1, count + 1, 77, 0, 4, 1]) encoding.writeVarUint(encoder, number);
  encoding.writeVarString(encoder, 'description');
  encoding.writeVarString(encoder, 'b'.repeat(count));
  for (let clock = count - 1; clock >= 0; clock -= 1) {
    encoding.writeUint8(encoder, 4 | 64);
    encoding.writeVarUint(encoder, 77);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, 'x');
  }
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

test('S74: structs in a gap where others stand count, and are refused where Yjs would be busy with them', () => {
  const empty = documentWith(() => undefined);
  expect(judgeUpdate(empty, crowdedUpdate(50))).toMatchObject({ kind: 'apply', effort: 49 * 51 });
  expect(judgeUpdate(empty, crowdedUpdate(5_000)).kind).toBe('refuse');
});

test('S74: what one person writes, however scattered, has no effort; two who wrote apart have little', () => {
  const scattered = (doc: Y.Doc) => {
    const text = doc.getText('description');
    for (let index = 0; index < 400; index += 1) {
      text.insert((index * 7_919) % (text.length + 1), `${index} `);
      if (index % 3 === 0) text.delete((index * 31) % text.length, 1);
      doc.getMap('facts').set(`k${index % 5}`, index);
    }
  };
  const update = updateOf(scattered, written);
  expect(judgeUpdate(written, update)).toMatchObject({ kind: 'apply', effort: 0 });
  const other = updateOf(scattered, written);
  const merged = documentWith((doc) => Y.applyUpdate(doc, Y.encodeStateAsUpdate(written)));
  Y.applyUpdate(merged, update);
  const judgement = judgeUpdate(merged, other);
  expect(judgement.kind === 'apply' && judgement.effort).toBeGreaterThan(0);
  expect(judgement.kind === 'apply' && judgement.effort).toBeLessThan(EFFORT_MAX / 4);
});

test('S76: whatever stands on a retired client id is of an earlier epoch, and what is malformed is still refused', () => {
  const [retired] = written.store.clients.keys();
  const ids = new Set([retired ?? 0]);
  const fresh = documentWith((doc) => doc.getText('description').insert(0, 'They want to start in May.'));
  const standing: ((doc: Y.Doc) => void)[] = [
    (doc) => doc.getText('description').insert(5, 'really '),
    (doc) => doc.getText('description').insert(0, 'First: '),
    (doc) => doc.getText('description').delete(0, 5),
    (doc) => doc.getMap('facts').set('company', 'Acme Limited'),
    (doc) => doc.getMap('facts').delete('company'),
    (doc) => entryOf(doc).set('done', true),
  ];
  for (const change of standing)
    expect(judgeUpdate(fresh, updateOf(change, written), ids)).toEqual({ kind: 'epochOver' });
  expect(judgeUpdate(fresh, Y.encodeStateAsUpdate(written), ids)).toEqual({ kind: 'epochOver' });
  expect(
    judgeUpdate(
      fresh,
      updateOf((doc) => doc.getText('description').insert(3, 'x'), fresh),
      ids,
    ),
  ).toMatchObject({
    kind: 'apply',
  });
  const cut = Y.encodeStateAsUpdate(written).slice(0, -1);
  expect(judgeUpdate(fresh, cut, ids).kind).toBe('refuse');
});
