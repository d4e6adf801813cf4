import { expect, test } from 'vitest';
import type { UserId } from '#lib/workflow/ids.ts';
import { commentParts, isMentioned, mentionAt, peopleFor, storedComment } from './mentions.ts';

const alice = { id: 'u-alice' as UserId, name: 'Alice' };
const bob = { id: 'u-bob' as UserId, name: 'Bob' };
const bobIto = { id: 'u-ito' as UserId, name: 'Bob Ito' };
const people = [alice, bob, bobIto];
const nobody = new Map<string, UserId>();

test('a mention is stored as an id, the longest name counts, and mail addresses are text', () => {
  const typed = '@Bob Ito, ask @Alice (or @Bob). Mail: me@Alice.example, @Bobby';
  const stored = storedComment(typed, people, nobody);
  expect(stored).toBe('@[u-ito], ask @[u-alice] (or @[u-bob]). Mail: me@Alice.example, @Bobby');
  expect(commentParts(stored).filter(({ kind }) => kind === 'mention')).toEqual(
    [bobIto, alice, bob].map(({ id }) => ({ kind: 'mention', userId: id })),
  );
  expect(isMentioned(stored, alice.id)).toBe(true);
  expect(isMentioned(typed, alice.id)).toBe(false);
  expect(isMentioned(stored, null)).toBe(false);
});

test('of two people called Bob the chosen one is mentioned, and without a choice nobody is', () => {
  const other = { id: 'u-other' as UserId, name: 'Bob' };
  expect(storedComment('@Bob', [bob, other], new Map([['Bob', other.id]]))).toBe('@[u-other]');
  expect(storedComment('@Bob', [bob, other], nobody)).toBe('@Bob');
});

test('an old comment is one text, also one that looks half like a mention', () => {
  for (const text of ['', 'See @Alice', '@[', '@[]', '@[<script>]'])
    expect(commentParts(text), text).toEqual([{ kind: 'text', text }]);
});

test('an @ at the beginning of a word asks for somebody, by any of their names', () => {
  expect(mentionAt('Hi @bo', 6)).toEqual({ from: 3, query: 'bo' });
  expect(mentionAt('Hi @', 4)).toEqual({ from: 3, query: '' });
  expect(mentionAt('@Bob It', 7)).toEqual({ from: 0, query: 'Bob It' });
  expect(mentionAt('me@bo', 5)).toBeNull();
  expect(mentionAt('@Bob said that', 14)).toBeNull();
  expect(mentionAt('Hi @bo', 2)).toBeNull();
  expect(peopleFor('ito', people)).toEqual([bobIto]);
  expect(peopleFor('BOB', people)).toEqual([bob, bobIto]);
  expect(peopleFor('', people)).toHaveLength(3);
});
