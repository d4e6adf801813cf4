import { expect, test } from 'vitest';
import { onTopOf, textParts } from './text-merge.ts';
import type { Delta } from './text-merge.ts';

/** What alice and bob have each made of one text, with alice's change done once more on top of bob's. */
function merged(before: string, alices: string, bobs: string): string {
  return applied(bobs, onTopOf(textParts(before, alices), textParts(before, bobs)));
}

function applied(text: string, delta: Delta): string {
  let [at, result] = [0, ''];
  for (const op of delta) {
    if ('insert' in op) result += op.insert;
    else if ('retain' in op) {
      result += text.slice(at, at + op.retain);
      at += op.retain;
    } else at += op.delete;
  }
  return result + text.slice(at);
}

test('a word that alice deletes takes no letter along of the words that bob has put beside it', () => {
  expect(merged('when ', '', 'we went when wet ')).toBe('we went wet ');
  expect(merged('They sail at noon.', 'They at noon.', 'They said so: they sail at noon.')).toBe(
    'They said so: they at noon.',
  );
});

test('a word that both have changed is merged by its letters, and one that became another is replaced', () => {
  expect(merged('The contracts are here.', 'The contract is here.', 'The contracts are here, bob.')).toBe(
    'The contract is here, bob.',
  );
  expect(merged('on Friday', 'on Friday, alice', 'at Friday')).toBe('at Friday, alice');
  expect(textParts('sail ', 'sails ')).toEqual([
    { kind: 'kept', length: 4 },
    { kind: 'added', text: 's' },
    { kind: 'kept', length: 1 },
  ]);
  expect(textParts('when ', 'later ')).toEqual([
    { kind: 'removed', length: 5 },
    { kind: 'added', text: 'later ' },
  ]);
});

test('where a script has no spaces each character counts, and no emoji is cut in half', () => {
  expect(merged('明天开会', '后天开会', '明天下午开会')).toBe('后天下午开会');
  expect(merged('🙂🙃', '🙂🙃 alice', '🙃')).toBe('🙃 alice');
});

test('a text that was pasted over, too long to compare, is still replaced as a whole', () => {
  const long = (word: string) =>
    Array.from({ length: 3_000 }, (_, index) => `${word}${String(index)}`).join(' ');
  const parts = textParts(long('alice'), long('bob'));
  expect(parts).toEqual([
    { kind: 'removed', length: long('alice').length },
    { kind: 'added', text: long('bob') },
  ]);
});
