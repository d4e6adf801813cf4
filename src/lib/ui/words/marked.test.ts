import { expect, test } from 'vitest';
import { marked } from './marked.ts';

test('what stands between stars is marked, wherever it stands in the sentence', () => {
  expect(marked`*Sign in* with an *account*.`).toEqual([
    { text: 'Sign in', isMarked: true },
    { text: ' with an ', isMarked: false },
    { text: 'account', isMarked: true },
    { text: '.', isMarked: false },
  ]);
});

test('a star in a name that is filled in marks nothing', () => {
  expect(marked`Open *${'a*b'}* of ${'alice*'}.`).toEqual([
    { text: 'Open ', isMarked: false },
    { text: 'a*b', isMarked: true },
    { text: ' of alice*.', isMarked: false },
  ]);
});
