import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { TextCarets } from './text-carets.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One tab, with the stamp that the server puts on what it tells of itself. */
function tab(user: { id: string; name: string }, from?: Y.Doc) {
  const doc = new Y.Doc({ gc: false });
  if (from) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  const awareness = new Awareness(doc);
  awareness.setLocalState(null);
  const text = doc.getText('description');
  const carets = new TextCarets();
  carets.attach(awareness, text);
  return { doc, awareness, text, carets, user };
}

type Tab = ReturnType<typeof tab>;

/** Clocks are the server's, and rise. */
let clock = 0;

function tell(from: Tab, to: Tab): void {
  const state = from.awareness.getLocalState();
  const stamped = new Awareness(new Y.Doc());
  stamped.states.set(from.doc.clientID, { ...state, user: from.user });
  stamped.meta.set(from.doc.clientID, { clock: (clock += 1), lastUpdated: 0 });
  applyAwarenessUpdate(to.awareness, encodeAwarenessUpdate(stamped, [from.doc.clientID]), 'server');
}

test('bob sees alice’s caret where her words are, also after he has typed before it', () => {
  const alice = tab({ id: 'alice', name: 'Alice' });
  alice.text.insert(0, 'They sail.');
  const bob = tab({ id: 'bob', name: 'Bob' }, alice.doc);
  alice.carets.set({ anchor: 5, head: 10 });
  vi.advanceTimersByTime(100);
  tell(alice, bob);
  expect(bob.carets.others()).toMatchObject([{ userId: 'alice', name: 'Alice', anchor: 5, head: 10 }]);
  bob.text.insert(0, 'Listen: ');
  expect(bob.carets.others()).toMatchObject([{ anchor: 13, head: 18 }]);
});

test('a caret that only moves with what others write is not told again, and one that leaves is', () => {
  const alice = tab({ id: 'alice', name: 'Alice' });
  alice.text.insert(0, 'They sail.');
  let told = 0;
  alice.awareness.on('update', () => (told += 1));
  alice.carets.set({ anchor: 5, head: 5 });
  vi.advanceTimersByTime(100);
  alice.text.insert(0, 'Listen: ');
  alice.carets.set({ anchor: 13, head: 13 });
  vi.advanceTimersByTime(100);
  expect(told).toBe(1);
  alice.carets.set(null);
  vi.advanceTimersByTime(100);
  expect(told).toBe(2);
  expect(alice.awareness.getLocalState()).toBeNull();
});

test('a caret that is no caret is not shown: a stranger’s browser may send anything', () => {
  const bob = tab({ id: 'bob', name: 'Bob' });
  bob.text.insert(0, 'Text');
  bob.doc.getMap('facts').set('title', 'No text');
  const mallory = tab({ id: 'mallory', name: 'Mallory' });
  const inFacts = [bob.doc.clientID, 4];
  for (const place of [undefined, 'x', 5, {}, [], [1], [1, -1], [1, 0.5], ['1', '2'], [7, 7], inFacts]) {
    mallory.awareness.setLocalState({ caret: { anchor: place, head: place } });
    tell(mallory, bob);
    expect(bob.carets.others(), JSON.stringify(place)).toEqual([]);
  }
  mallory.awareness.setLocalState({ caret: { anchor: null, head: null } });
  tell(mallory, bob);
  expect(bob.carets.others()).toMatchObject([{ anchor: 4, head: 4 }]);
  expect([...bob.doc.share.keys()].sort()).toEqual(['description', 'facts']);
});
