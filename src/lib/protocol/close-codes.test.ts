import { expect, test } from 'vitest';
import { CLOSE, closeName, retryAfterMs, type CloseName } from './close-codes.ts';

const documented = [
  ['P10', 'signedOut', 4401, 'final'],
  ['P11', 'contentRefused', 4403, 'final'],
  ['P12', 'notFound', 4404, 'final'],
  ['P13', 'epochOver', 4409, 'final'],
  ['P14', 'tooLarge', 4413, 'final'],
  ['P15', 'restarting', 1012, 'retry'],
  ['P16', 'overloaded', 1013, 'retry'],
  ['P17', 'storeDown', 4503, 'retry'],
  ['P18', 'tooSlow', 4508, 'retry'],
  ['P19', 'rateLimited', 4529, 'retry'],
] as const;

test('P10, P11, P12, P13, P14, P15, P16, P17, P18, P19: the table of close codes is the documented one', () => {
  expect(Object.keys(CLOSE)).toEqual(documented.map(([, name]) => name));
  for (const [, name, code, kind] of documented) {
    expect(CLOSE[name]).toMatchObject({ code, kind });
    expect(closeName(code)).toBe(name);
  }
  expect(closeName(1006)).toBeNull();
});

test('P20: exactly the codes from 4400 to 4499 are final, and every reason fits into a close frame', () => {
  for (const name of Object.keys(CLOSE) as CloseName[]) {
    const { code, kind, reason } = CLOSE[name];
    expect(kind === 'final').toBe(code >= 4400 && code < 4500);
    expect(new TextEncoder().encode(reason).length).toBeLessThanOrEqual(123);
  }
});

test('P21: a reason may ask to be left alone for a while, and only a retry code does', () => {
  expect(retryAfterMs('Too much at once. Retry after 2 s.')).toBe(2_000);
  expect(retryAfterMs('Back next year. Retry after 9999 s.')).toBe(60_000);
  expect(retryAfterMs('Retry after lunch.')).toBe(0);
  for (const name of Object.keys(CLOSE) as CloseName[]) {
    const { kind, reason } = CLOSE[name];
    if (kind === 'final') expect(retryAfterMs(reason)).toBe(0);
  }
  expect(retryAfterMs(CLOSE.rateLimited.reason)).toBeGreaterThan(0);
});
