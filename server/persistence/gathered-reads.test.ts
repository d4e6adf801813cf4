import { expect, test } from 'vitest';
import { GatheredReads } from './gathered-reads.ts';

const NAMES: readonly (readonly [string, number])[] = [
  ['alice', 30],
  ['bob', 40],
];

function ages(stored: ReadonlyMap<string, number>) {
  const asked: string[][] = [];
  const reads = new GatheredReads<string, number>((names) => {
    asked.push([...names]);
    return Promise.resolve(new Map([...stored].filter(([name]) => names.includes(name))));
  });
  return { asked, reads };
}

test('what is asked for in one turn is read together, each key once, and everybody gets their own answer', async () => {
  const { asked, reads } = ages(new Map(NAMES));
  const answers = await Promise.all(['alice', 'bob', 'nobody', 'alice'].map((name) => reads.get(name)));
  expect(answers).toEqual([30, 40, null, 30]);
  expect(asked).toEqual([['alice', 'bob', 'nobody']]);
});

test('nothing is kept: who asks later is told what is true then', async () => {
  const stored = new Map(NAMES);
  const { asked, reads } = ages(stored);
  expect(await reads.get('alice')).toBe(30);
  stored.delete('alice');
  expect(await reads.get('alice')).toBeNull();
  expect(asked).toHaveLength(2);
});

test('a read never asks for more than a thousand keys', async () => {
  const { asked, reads } = ages(new Map());
  await Promise.all(Array.from({ length: 2_500 }, (_, index) => reads.get(`person ${index}`)));
  expect(asked.map((names) => names.length)).toEqual([1_000, 1_000, 500]);
});

test('a read that fails fails for all who asked, and for nobody later', async () => {
  let isDown = true;
  const reads = new GatheredReads<string, number>(() =>
    isDown ? Promise.reject(new Error('down')) : Promise.resolve(new Map(NAMES)),
  );
  const both = await Promise.allSettled([reads.get('alice'), reads.get('bob')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isDown = false;
  expect(await reads.get('bob')).toBe(40);
});
