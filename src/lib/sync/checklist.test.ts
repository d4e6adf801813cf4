import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { judgeUpdate } from '../../../server/sync/item-gate.ts';
import { Checklist, LABEL_CHARS_MAX } from './checklist.ts';

function browser(from?: Y.Doc) {
  const doc = new Y.Doc({ gc: false });
  if (from) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  return { doc, list: new Checklist(doc) };
}

type Browser = ReturnType<typeof browser>;

function merge(...browsers: readonly Browser[]): void {
  for (const one of browsers)
    for (const other of browsers) Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.doc));
}

const labels = ({ list }: Browser) => list.entries().map(({ label }) => label);
const idOf = ({ list }: Browser, label: string) =>
  list.entries().find((entry) => entry.label === label)?.id ?? '';

function withEntries(...names: readonly string[]): Browser {
  const one = browser();
  for (const name of names) one.list.add(name);
  return one;
}

test('what alice ticks and bob renames and moves while both are offline is all there afterwards, on both', () => {
  const alice = withEntries('call', 'write', 'send');
  const bob = browser(alice.doc);
  alice.list.setDone(idOf(alice, 'write'), true);
  bob.list.rename(idOf(bob, 'write'), 'write to them');
  bob.list.move(idOf(bob, 'write to them'), 0);
  merge(alice, bob);
  expect(alice.list.entries()).toEqual(bob.list.entries());
  expect(alice.list.entries()).toMatchObject([
    { label: 'write to them', isDone: true },
    { label: 'call', isDone: false },
    { label: 'send', isDone: false },
  ]);
});

test('both add and move offline: nothing is lost or doubled, and afterwards any entry can go anywhere', () => {
  const alice = withEntries('one', 'two');
  const bob = browser(alice.doc);
  alice.list.add('of alice');
  bob.list.add('of bob');
  merge(alice, bob);
  expect(labels(alice)).toEqual(labels(bob));
  expect(labels(alice).toSorted()).toEqual(['of alice', 'of bob', 'one', 'two']);
  // Between two that have the same key.
  alice.list.move(idOf(alice, 'one'), 2);
  expect(labels(alice)[2]).toBe('one');
  merge(alice, bob);
  expect(labels(bob)).toEqual(labels(alice));
});

test('an entry goes to every place it is sent to', () => {
  for (let from = 0; from < 4; from += 1) {
    for (let to = 0; to < 4; to += 1) {
      const one = withEntries('a', 'b', 'c', 'd');
      const label = 'abcd'[from] ?? '';
      one.list.move(idOf(one, label), to);
      const expected = ['a', 'b', 'c', 'd'].filter((other) => other !== label).toSpliced(to, 0, label);
      expect(labels(one), `${label} to ${to}`).toEqual(expected);
    }
  }
});

test('what alice deletes comes back where it was, ticked as it was', () => {
  const alice = withEntries('one', 'two', 'three');
  alice.list.setDone(idOf(alice, 'two'), true);
  const removed = alice.list.remove(idOf(alice, 'two'));
  expect(labels(alice)).toEqual(['one', 'three']);
  if (removed) alice.list.putBack(removed);
  expect(alice.list.entries()).toMatchObject([
    { label: 'one' },
    { label: 'two', isDone: true },
    { label: 'three' },
  ]);
  expect(alice.list.remove('9:9')).toBeNull();
});

test('everything it does passes the server’s gate', () => {
  const alice = withEntries('one', 'two', 'three');
  alice.list.setDone(idOf(alice, 'one'), true);
  alice.list.rename(idOf(alice, 'two'), 'TWO');
  alice.list.move(idOf(alice, 'three'), 0);
  const removed = alice.list.remove(idOf(alice, 'one'));
  if (removed) alice.list.putBack(removed);
  // The server's own document begins empty, and takes the steps one by one.
  const server = new Y.Doc({ gc: false });
  const replay = browser();
  replay.doc.on('update', (update: Uint8Array) => {
    expect(judgeUpdate(server, update).kind).toBe('apply');
    Y.applyUpdate(server, update);
  });
  replay.list.add('one');
  replay.list.add('two');
  replay.list.setDone(idOf(replay, 'one'), true);
  replay.list.move(idOf(replay, 'two'), 0);
  replay.list.remove(idOf(replay, 'one'));
  expect(new Checklist(server).entries()).toEqual(replay.list.entries());
});

test('blank, endless and foreign entries do no harm', () => {
  const { doc, list } = browser();
  expect(list.add('  \n ')).toBe(false);
  list.add(`a\u202Eb\nc${'x'.repeat(LABEL_CHARS_MAX)}`);
  expect(list.entries()[0]?.label).toHaveLength(LABEL_CHARS_MAX);
  expect(list.entries()[0]?.label).toMatch(/^ab c/);
  const foreign = new Y.Map<unknown>(Object.entries({ label: 7, isDone: 'yes', order: '../../' }));
  doc.getArray<Y.Map<unknown>>('checklist').push([foreign]);
  expect(list.entries()[1]).toMatchObject({ label: '', isDone: false });
  expect(list.add('after it')).toBe(true);
  expect(list.entries().map(({ label }) => label)[2]).toBe('after it');
});
