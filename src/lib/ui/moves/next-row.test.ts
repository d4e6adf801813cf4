import { expect, test } from 'vitest';
import { rowAfter } from './next-row.ts';

const before = ['stalled:1', 'offered:2', 'offered:3', 'mine:4'];

test('the next row that is still there comes after one that has left', () => {
  expect(rowAfter('offered:2', before, new Set(['stalled:1', 'offered:3', 'mine:4']))).toBe('offered:3');
  expect(rowAfter('offered:2', before, new Set(['stalled:1', 'mine:4']))).toBe('mine:4');
});

test('after the last row comes the one before it, and after the only one none', () => {
  expect(rowAfter('mine:4', before, new Set(['stalled:1', 'offered:3']))).toBe('offered:3');
  expect(rowAfter('mine:4', ['mine:4'], new Set())).toBeNull();
  expect(rowAfter('mine:9', before, new Set(before))).toBeNull();
});
