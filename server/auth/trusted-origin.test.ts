import { describe, expect, test } from 'vitest';
import { isFromOwnSite } from './trusted-origin.ts';

const ours = new Set(['https://baton.example']);

describe('A30: a request that may change something', () => {
  test.each([
    ['our origin', 'https://baton.example', 'same-origin', true],
    ['our origin, from a client that sends no Sec-Fetch-Site', 'https://baton.example', undefined, true],
    ['no origin, but the browser vouches for it', undefined, 'same-origin', true],
    ['neither', undefined, undefined, false],
    ['a neighbour on the same site', undefined, 'same-site', false],
    ['typed into the address bar', undefined, 'none', false],
    ['another scheme', 'http://baton.example', 'cross-site', false],
    ['another port', 'https://baton.example:8443', 'same-site', false],
    ['an opaque origin', 'null', 'cross-site', false],
    ['a foreign name that points here', 'https://evil.example', 'same-origin', false],
  ])('%s', (_case, origin, secFetchSite, isAllowed) => {
    expect(isFromOwnSite({ method: 'POST', origin, secFetchSite }, ours)).toBe(isAllowed);
    expect(isFromOwnSite({ method: 'DELETE', origin, secFetchSite }, ours)).toBe(isAllowed);
  });

  test('reading is free to everybody, for it changes nothing', () => {
    expect(
      isFromOwnSite({ method: 'GET', origin: 'https://evil.example', secFetchSite: 'cross-site' }, ours),
    ).toBe(true);
  });
});
