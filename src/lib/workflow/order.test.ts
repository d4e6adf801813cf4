import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareItems, isOrderKey, ORDER_CHARS_MAX, orderBetween } from './order.ts';

/** A column of keys after moves to arbitrary places, as people would make it. */
const columns = fc.array(fc.nat(), { minLength: 1, maxLength: 60 }).map((places) => {
  const keys: string[] = [];
  for (const place of places) {
    const at = place % (keys.length + 1);
    keys.splice(at, 0, orderBetween(keys[at - 1] ?? null, keys[at] ?? null));
  }
  return keys;
});

describe('order', () => {
  it('keeps every column in the order in which it was arranged', () => {
    fc.assert(
      fc.property(columns, (keys) => {
        expect(keys.every(isOrderKey)).toBe(true);
        expect([...keys].sort()).toEqual(keys);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('keeps keys short where items are appended or put on top, for thousands of items', () => {
    let last = orderBetween(null, null);
    let first = last;
    for (let count = 0; count < 10_000; count += 1) {
      const after = orderBetween(last, null);
      const before = orderBetween(null, first);
      if (!(after > last && before < first)) throw new Error(`out of order at ${count}`);
      last = after;
      first = before;
    }
    expect(last.length).toBeLessThanOrEqual(5);
    expect(first.length).toBeLessThanOrEqual(5);
  });

  it('never passes the cap, however often something is put into one gap, and never leaves the gap', () => {
    for (const isUpwards of [true, false]) {
      let low = orderBetween(null, null);
      let high = orderBetween(low, null);
      for (let count = 0; count < 2_000 && low < high; count += 1) {
        const key = orderBetween(low, high);
        expect(isOrderKey(key)).toBe(true);
        expect(key >= low && key <= high).toBe(true);
        if (isUpwards) low = key;
        else high = key;
      }
    }
  });

  it('reaches the cap only after hundreds of insertions at one place', () => {
    let low = orderBetween(null, null);
    const high = orderBetween(low, null);
    let count = 0;
    while (low.length < ORDER_CHARS_MAX && count < 5_000) {
      low = orderBetween(low, high);
      count += 1;
    }
    expect(count).toBeGreaterThan(500);
  });

  it('answers for equal neighbours, which two people who dropped at one place have made', () => {
    const key = orderBetween(null, null);
    const between = orderBetween(key, key);
    expect(isOrderKey(between)).toBe(true);
    expect(between > key).toBe(true);
    expect(between < orderBetween(key, null)).toBe(true);
  });

  it('has room below the smallest and above the greatest integer', () => {
    const smallest = `A${'0'.repeat(25)}1`;
    const greatest = `z${'z'.repeat(26)}`;
    let low = smallest;
    let high = greatest;
    for (let count = 0; count < 50; count += 1) {
      const below = orderBetween(null, low);
      const above = orderBetween(high, null);
      expect(below < low && above > high && isOrderKey(below) && isOrderKey(above)).toBe(true);
      low = below;
      high = above;
    }
  });

  it('refuses what is no key', () => {
    for (const value of [
      '',
      'a',
      '0',
      'a00',
      'a0 ',
      'a0-',
      'ä0',
      'b0',
      `A${'0'.repeat(26)}`,
      `a0${'1'.repeat(ORDER_CHARS_MAX)}`,
      7,
      null,
      undefined,
    ]) {
      expect(isOrderKey(value), String(value)).toBe(false);
    }
    for (const value of ['a0', 'Zz', 'a0V', 'b00']) expect(isOrderKey(value), value).toBe(true);
    expect(() => orderBetween('nonsense!', null)).toThrow('not an order key');
  });

  it('sorts by key, and by number where keys are equal', () => {
    const items = [
      { order: 'a1', number: 1 },
      { order: 'a0', number: 3 },
      { order: 'a0', number: 2 },
      { order: 'Zz', number: 9 },
    ];
    expect(items.sort(compareItems).map((item) => item.number)).toEqual([9, 2, 3, 1]);
  });
});
