import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shiftOffset, textChange, type TextChange } from './text-change.ts';

function apply(text: string, change: TextChange | null): string {
  if (change === null) return text;
  return text.slice(0, change.index) + change.inserted + text.slice(change.index + change.removed);
}

test('the change made of any two texts and any caret turns one into the other', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  fc.assert(
    fc.property(text, text, fc.nat(30), (before, after, caret) => {
      expect(apply(before, textChange(before, after, caret))).toBe(after);
    }),
  );
});

test('a letter typed among equal ones is inserted where the caret is', () => {
  expect(textChange('aaa', 'aaaa', 2)).toEqual({ index: 1, removed: 0, inserted: 'a' });
  expect(textChange('aaa', 'aaaa', 4)).toEqual({ index: 3, removed: 0, inserted: 'a' });
});

test('a letter deleted among equal ones is the one before the caret', () => {
  expect(textChange('aaaa', 'aaa', 1)).toEqual({ index: 1, removed: 1, inserted: '' });
});

test('a replaced emoji is replaced whole, though it shares half of its code with the other', () => {
  const change = textChange('x😀y', 'x😁y', 3);
  expect(change).toEqual({ index: 1, removed: 2, inserted: '😁' });
});

test('the caret moves with what is inserted or deleted before it, and stays at what is inserted at it', () => {
  expect(shiftOffset(5, [{ insert: 'ab' }])).toBe(7);
  expect(shiftOffset(5, [{ retain: 5 }, { insert: 'ab' }])).toBe(5);
  expect(shiftOffset(5, [{ retain: 2 }, { delete: 2 }])).toBe(3);
  expect(shiftOffset(3, [{ retain: 2 }, { delete: 4 }])).toBe(2);
  expect(shiftOffset(5, [{ delete: 2 }, { retain: 1 }, { insert: 'xyz' }])).toBe(6);
});
