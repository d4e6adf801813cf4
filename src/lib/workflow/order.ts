import type { Item } from './state.ts';

/**
 * Fractional indexing: the position of an item is a text that sorts between its neighbours', so that moving one item
 * never writes another. The scheme is David Greenspan's (observablehq.com/@dgreensp/implementing-fractional-indexing):
 * an integer part whose first letter tells its length, then a fraction without trailing zeros. Appending counts the
 * integer up, so a lane filled at its end keeps keys of a few characters.
 *
 * Keys compare by code unit; a database must compare them with COLLATE "C".
 */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY_SHAPE = /^[0-9A-Za-z]+$/;
const FIRST_KEY = 'a0';
const INTEGER_MIN = `A${'0'.repeat(26)}`;

/** Reached only after hundreds of insertions at one and the same place. */
export const ORDER_CHARS_MAX = 128;

/** Whether this is a key that `orderBetween` could have made. */
export function isOrderKey(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > ORDER_CHARS_MAX) return false;
  if (!KEY_SHAPE.test(value)) return false;
  const length = integerLength(value);
  if (length === null || length > value.length || value === INTEGER_MIN) return false;
  return value.length === length || !value.endsWith('0');
}

/**
 * A key that sorts after `before` and ahead of `after`; null stands for the end of the column on that side.
 *
 * Two people who drop at one place make the same key, and the number then decides. Between two equal keys there is
 * none, so the answer sorts directly after both. Where a key would grow past `ORDER_CHARS_MAX` the answer is a
 * neighbour's own, which the number tells apart as well. Neighbours that are no order keys are a bug, and throw.
 */
export function orderBetween(before: string | null, after: string | null): string {
  assertOrderKey(before);
  assertOrderKey(after);
  const isTied = before !== null && after !== null && before >= after;
  const key = isTied ? `${before}${middleDigit()}` : keyBetween(before, after);
  return key.length <= ORDER_CHARS_MAX ? key : (before ?? after ?? FIRST_KEY);
}

/** Sorts the items of one column: by order, then by number. */
export function compareItems(a: Pick<Item, 'order' | 'number'>, b: Pick<Item, 'order' | 'number'>): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.number - b.number;
}

function keyBetween(before: string | null, after: string | null): string {
  if (before === null) return after === null ? FIRST_KEY : keyBefore(after);
  if (after === null) return keyAfter(before);
  const beforeInteger = integerPart(before);
  const beforeFraction = before.slice(beforeInteger.length);
  const afterInteger = integerPart(after);
  if (beforeInteger === afterInteger) {
    return beforeInteger + fractionBetween(beforeFraction, after.slice(afterInteger.length));
  }
  const next = incrementInteger(beforeInteger);
  return next !== null && next < after ? next : beforeInteger + fractionBetween(beforeFraction, null);
}

function keyBefore(after: string): string {
  const integer = integerPart(after);
  if (integer === INTEGER_MIN) return integer + fractionBetween('', after.slice(integer.length));
  // A key with a fraction has its bare integer ahead of it.
  if (integer < after) return integer;
  const previous = decrementInteger(integer);
  return previous === null || previous === INTEGER_MIN ? INTEGER_MIN + fractionBetween('', null) : previous;
}

function keyAfter(before: string): string {
  const integer = integerPart(before);
  return incrementInteger(integer) ?? integer + fractionBetween(before.slice(integer.length), null);
}

/** A fraction strictly between two, by digits; `after` null stands for one, and neither ends with a zero. */
function fractionBetween(before: string, after: string | null): string {
  let prefix = '';
  let low = before;
  let high = after;
  for (;;) {
    const lowDigit = digitValue(low[0] ?? '0');
    const highDigit = high === null ? DIGITS.length : digitValue(high[0] ?? '0');
    if (highDigit - lowDigit > 1) return prefix + digitAt((lowDigit + highDigit) >> 1);
    if (highDigit === lowDigit) {
      prefix += digitAt(lowDigit);
      high = high === null ? null : high.slice(1);
    } else if (high !== null && high.length > 1) {
      // The neighbouring digits leave no room, but the higher digit without its rest lies between.
      return prefix + digitAt(highDigit);
    } else {
      prefix += digitAt(lowDigit);
      high = null;
    }
    low = low.slice(1);
  }
}

function incrementInteger(integer: string): string | null {
  const head = integer.charAt(0);
  const digits = [...integer.slice(1)];
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const value = digitValue(digits[index] ?? '0') + 1;
    if (value < DIGITS.length) {
      digits[index] = digitAt(value);
      return head + digits.join('');
    }
    digits[index] = '0';
  }
  if (head === 'Z') return FIRST_KEY;
  if (head === 'z') return null;
  const nextHead = String.fromCharCode(head.charCodeAt(0) + 1);
  return nextHead + (nextHead > 'a' ? `${digits.join('')}0` : digits.join('').slice(1));
}

function decrementInteger(integer: string): string | null {
  const head = integer.charAt(0);
  const digits = [...integer.slice(1)];
  for (let index = digits.length - 1; index >= 0; index -= 1) {
    const value = digitValue(digits[index] ?? '0') - 1;
    if (value >= 0) {
      digits[index] = digitAt(value);
      return head + digits.join('');
    }
    digits[index] = 'z';
  }
  if (head === 'a') return 'Zz';
  if (head === 'A') return null;
  const previousHead = String.fromCharCode(head.charCodeAt(0) - 1);
  return previousHead + (previousHead < 'Z' ? `${digits.join('')}z` : digits.join('').slice(1));
}

function integerPart(key: string): string {
  return key.slice(0, integerLength(key) ?? key.length);
}

/** `a` to `z` head 2 to 27 characters upwards from the middle, `Z` to `A` the same downwards. */
function integerLength(key: string): number | null {
  const head = key.charAt(0);
  if (head >= 'a' && head <= 'z') return head.charCodeAt(0) - 'a'.charCodeAt(0) + 2;
  if (head >= 'A' && head <= 'Z') return 'Z'.charCodeAt(0) - head.charCodeAt(0) + 2;
  return null;
}

function digitValue(digit: string): number {
  return DIGITS.indexOf(digit);
}

function digitAt(value: number): string {
  return DIGITS.charAt(value);
}

function middleDigit(): string {
  return digitAt(DIGITS.length >> 1);
}

function assertOrderKey(key: string | null): void {
  if (key !== null && !isOrderKey(key)) throw new Error(`not an order key: ${key}`);
}
