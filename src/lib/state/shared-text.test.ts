import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { SharedText } from './shared-text.ts';

/** Two people with the same text; `meet` brings each the other's changes. */
function twoPeople(start: string) {
  const [alice, bob] = [new Y.Doc(), new Y.Doc()];
  alice.getText('description').insert(0, start);
  const meet = (): void => {
    Y.applyUpdate(bob, Y.encodeStateAsUpdate(alice));
    Y.applyUpdate(alice, Y.encodeStateAsUpdate(bob));
  };
  meet();
  return { alice: alice.getText('description'), bob: bob.getText('description'), meet };
}

test('what alice types reaches bob, and what bob types moves her caret', () => {
  const { alice, bob, meet } = twoPeople('The contract is ready');
  let area = { value: 'The contract is ready', caret: 12 };
  const shared = new SharedText(alice, (shift, value) => (area = { value, caret: shift(area.caret) }));
  area = { value: 'The contract! is ready', caret: 13 };
  shared.typed(area.value, area.caret);
  meet();
  expect(bob.toJSON()).toBe('The contract! is ready');
  bob.insert(0, 'Note: ');
  meet();
  expect(area).toEqual({ value: 'Note: The contract! is ready', caret: 19 });
});

test('both keep their words when they type at the same time', () => {
  const { alice, bob, meet } = twoPeople('one two');
  const shared = new SharedText(alice, () => undefined);
  shared.typed('one and two', 8);
  bob.insert(7, ' three');
  meet();
  expect(alice.toJSON()).toBe('one and two three');
  expect(bob.toJSON()).toBe('one and two three');
});

test('while alice composes a character nothing is taken from under her, and it ends up at its place', () => {
  const { alice, bob, meet } = twoPeople('hello world');
  const shown: string[] = [];
  const shared = new SharedText(alice, (_shift, value) => shown.push(value));
  shared.compositionStarted();
  shared.typed('hello k world', 7);
  bob.insert(0, '>> ');
  meet();
  expect(shown).toEqual([]);
  expect(alice.toJSON()).toBe('>> hello world');
  const after = shared.compositionEnded('hello か world', [7, 7]);
  expect(after).toEqual({ text: '>> hello か world', selection: [10, 10] });
  expect(alice.toJSON()).toBe('>> hello か world');
});

test('a deletion by bob of what alice has marked leaves her a valid selection', () => {
  const { alice, bob, meet } = twoPeople('abcdef');
  let area = { value: 'abcdef', start: 2, end: 5 };
  const shared = new SharedText(
    alice,
    (shift, value) => (area = { value, start: shift(area.start), end: shift(area.end) }),
  );
  bob.delete(1, 5);
  meet();
  expect(area).toEqual({ value: 'a', start: 1, end: 1 });
  shared.destroy();
});
