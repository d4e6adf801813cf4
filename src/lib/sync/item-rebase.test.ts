import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { rebaseUnsent } from './item-rebase.ts';
import { uniteKnown, withReceived } from './known-content.ts';
import type { KnownContent } from './known-content.ts';

const newDoc = () => new Y.Doc({ gc: false });
const description = (doc: Y.Doc) => doc.getText('description');
const facts = (doc: Y.Doc) => doc.getMap<string>('facts');
const checklist = (doc: Y.Doc) => doc.getArray<Y.Map<unknown>>('checklist');

/** As the server makes it: the same content, none of the history. */
function newEpoch(doc: Y.Doc): Y.Doc {
  const fresh = newDoc();
  description(fresh).insert(0, description(doc).toJSON());
  for (const [key, value] of facts(doc)) facts(fresh).set(key, value);
  checklist(fresh).push(checklist(doc).map((entry) => entry.clone()));
  return fresh;
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = newDoc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** Letters of which no two are alike, so that each can be told where it came from. */
function letters(count: number, from: number): string[] {
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(from + index));
}

interface Edit {
  readonly at: number;
  readonly removes: number;
  readonly adds: number;
}

/** Applies edits and answers the letters that came and went. */
function edit(text: Y.Text, edits: readonly Edit[], alphabet: number) {
  const [added, removed] = [new Set<string>(), new Set<string>()];
  for (const [index, { at, removes, adds }] of edits.entries()) {
    const from = text.length === 0 ? 0 : at % (text.length + 1);
    const gone = text.toJSON().slice(from, from + removes);
    text.delete(from, gone.length);
    const come = letters(adds, alphabet + index * 10);
    text.insert(from, come.join(''));
    for (const letter of gone) removed.add(letter);
    for (const letter of come) added.add(letter);
  }
  return { added, removed };
}

const edits = fc.array(fc.record({ at: fc.nat(60), removes: fc.nat(4), adds: fc.nat(4) }), { maxLength: 6 });

test('of a text nothing unsent is lost, nothing of the others, and nothing is there twice or back again', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.tuple(edits, edits, edits), fc.boolean(), (size, all, isSplit) => {
      const [sent, unsent, others] = all;
      const mine = newDoc();
      const began = letters(size, 0x4e00);
      description(mine).insert(0, began.join(''));
      const first = edit(description(mine), sent, 0x5e00);
      const known = Y.snapshot(mine);
      const theirs = newEpoch(mine);
      const half = isSplit ? Math.floor(unsent.length / 2) : 0;
      const earlier = edit(description(mine), unsent.slice(0, half), 0x6e00);
      const atHalf = copyOf(mine);
      const later = edit(description(mine), unsent.slice(half), 0x7e00);
      const foreign = edit(description(theirs), others, 0x8e00);
      // In two goes, as two tabs do it, or a person who types on meanwhile.
      if (isSplit) rebaseUnsent({ mine: atHalf, known, theirs });
      const rest = isSplit ? Y.snapshot(atHalf) : known;
      rebaseUnsent({ mine: copyOf(mine), known: uniteKnown(rest, known), theirs });
      const expected = new Set([
        ...began,
        ...first.added,
        ...earlier.added,
        ...later.added,
        ...foreign.added,
      ]);
      for (const { removed } of [first, earlier, later, foreign])
        for (const letter of removed) expected.delete(letter);
      expect([...description(theirs).toJSON()].sort()).toEqual([...expected].sort());
      if (others.length === 0) expect(description(theirs).toJSON()).toBe(description(mine).toJSON());
    }),
  );
});

test('what came from the server between two unsent words is not written a second time', () => {
  const [alice, server] = [newDoc(), newDoc()];
  description(server).insert(0, 'one two');
  Y.applyUpdate(alice, Y.encodeStateAsUpdate(server));
  let known: KnownContent = Y.snapshot(alice);
  alice.on('afterTransaction', (transaction) => {
    if (transaction.origin === 'server') known = withReceived(known, transaction);
  });
  description(alice).insert(0, 'Alice. ');
  description(server).insert(7, ' bob');
  description(server).delete(0, 4);
  Y.applyUpdate(alice, Y.encodeStateAsUpdate(server), 'server');
  description(alice).insert(description(alice).length, '!');
  const theirs = newEpoch(server);
  expect(rebaseUnsent({ mine: alice, known, theirs })).toBe(true);
  expect(description(theirs).toJSON()).toBe('Alice. two bob!');
});

test('a fact that was set or deleted here is so in the new epoch, and all others are left as they are', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const change = fc.dictionary(key, fc.option(fc.constantFrom('x', 'y', 'z')), { noNullPrototype: true });
  const write = (doc: Y.Doc, values: Record<string, string | null>) => {
    for (const [name, value] of Object.entries(values))
      if (value === null) facts(doc).delete(name);
      else facts(doc).set(name, value);
  };
  fc.assert(
    fc.property(change, change, change, (began, unsent, others) => {
      const mine = newDoc();
      write(mine, began);
      const known = Y.snapshot(mine);
      const base = facts(mine).toJSON();
      const theirs = newEpoch(mine);
      write(theirs, others);
      const expected = facts(theirs).toJSON();
      write(mine, unsent);
      for (const [name, value] of Object.entries(unsent)) {
        if (value === null && base[name] !== undefined) delete expected[name];
        if (value !== null && base[name] !== value) expected[name] = value;
      }
      rebaseUnsent({ mine, known, theirs });
      expect(facts(theirs).toJSON()).toEqual(expected);
    }),
  );
});

test('where nothing is unsent nothing is written', () => {
  const mine = newDoc();
  description(mine).insert(0, 'They sail on Friday.');
  facts(mine).set('title', 'Acme');
  const theirs = newEpoch(mine);
  description(theirs).insert(0, 'Bob: ');
  const before = Y.encodeStateAsUpdate(theirs);
  expect(rebaseUnsent({ mine, known: Y.snapshot(mine), theirs })).toBe(false);
  expect(Y.encodeStateAsUpdate(theirs)).toEqual(before);
});

test('where nobody knows what the server had, all that either has is there, and once', () => {
  const mine = newDoc();
  description(mine).insert(0, 'Alice: it is urgent. They sail on Friday.');
  facts(mine).set('title', 'Acme');
  const theirs = newDoc();
  description(theirs).insert(0, 'They sail on Friday. Bob: at noon.');
  facts(theirs).set('product', 'Basic');
  rebaseUnsent({ mine, known: null, theirs });
  expect(description(theirs).toJSON()).toBe('Alice: it is urgent. They sail on Friday. Bob: at noon.');
  expect(facts(theirs).toJSON()).toEqual({ title: 'Acme', product: 'Basic' });
});

test('checklist entries that were added, ticked and deleted here are so on top of what others did', () => {
  const entry = (label: string) =>
    new Y.Map<unknown>([
      ['label', label],
      ['done', false],
    ]);
  const mine = newDoc();
  checklist(mine).push(['one', 'two', 'three', 'four'].map(entry));
  const known = Y.snapshot(mine);
  const theirs = newEpoch(mine);
  checklist(mine).get(0).set('done', true);
  checklist(mine).delete(2);
  checklist(mine).insert(1, [entry('mine')]);
  checklist(theirs).get(0).set('label', 'ONE');
  checklist(theirs).delete(3);
  checklist(theirs).push([entry('theirs')]);
  rebaseUnsent({ mine, known, theirs });
  expect(checklist(theirs).toJSON()).toEqual([
    { label: 'ONE', done: true },
    { label: 'mine', done: false },
    { label: 'two', done: false },
    { label: 'theirs', done: false },
  ]);
});

test('an emoji that others put in the place of another is kept whole', () => {
  const mine = newDoc();
  description(mine).insert(0, 'x😀y');
  const known = Y.snapshot(mine);
  const theirs = newEpoch(mine);
  description(theirs).delete(1, 2);
  description(theirs).insert(1, '😁');
  description(mine).insert(4, '!');
  rebaseUnsent({ mine, known, theirs });
  expect(description(theirs).toJSON()).toBe('x😁y!');
});
