import { expect, it } from 'vitest';
import type { FactChange } from '#lib/workflow/changes-since.ts';
import type { FieldKey } from '#lib/workflow/ids.ts';
import { factChangeWords } from './changes.ts';
import { namesFrom } from './names.ts';

const names = namesFrom({ me: null, people: new Map(), teams: new Map(), workflow: null });

it.each<[Pick<FactChange, 'before' | 'after'>, RegExp]>([
  [{ before: 10_000, after: 12_000 }, /: 10,000, now 12,000$/],
  [{ before: null, after: 'Acme' }, /: Acme, new$/],
  [{ before: '', after: 'Acme' }, /: Acme, new$/],
  [{ before: 'Acme', after: null }, /: cleared$/],
  [{ before: 'Acme', after: '' }, /: cleared$/],
  [{ before: null, after: 'x'.repeat(61) }, /: filled in$/],
  [{ before: 'x'.repeat(61), after: 'Acme' }, /: now Acme$/],
  [{ before: 'Acme', after: 'x'.repeat(61) }, /: written anew$/],
])('a fact that changed is told with what it was and is, unless that is long: %j', (change, words) => {
  expect(factChangeWords({ key: 'value' as FieldKey, ...change }, names, 0)).toMatch(words);
});
