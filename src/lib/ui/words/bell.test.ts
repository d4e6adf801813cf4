import { expect, test } from 'vitest';
import type { UserId } from '#lib/workflow/ids.ts';
import { aboutSentence, bellWords, kindWords } from './bell.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 9, 30);
const HOUR_MS = 60 * 60 * 1_000;
const names = { fullName: () => 'Alice Ames' };
const by = 'alice' as UserId;

test('what alice has offered is told to bob with what he can do', () => {
  expect(aboutSentence({ type: 'offered', by }, names, NOW_MS)).toBe(
    'Alice Ames has offered it to your team: accept it, or return it with a reason.',
  );
});

test('what came back says why, if anybody has said so', () => {
  const reason = { reasonId: null, note: 'A page is missing', missing: [] };
  expect(aboutSentence({ type: 'returned', by, reason }, names, NOW_MS)).toBe(
    'Alice Ames has returned it: “A page is missing”',
  );
  expect(aboutSentence({ type: 'sentBack', by, reason: null }, names, NOW_MS)).toBe(
    'Alice Ames has sent it back.',
  );
});

test('half-way to a limit nothing is called late', () => {
  const about = { type: 'halfway', from: NOW_MS + HOUR_MS } as const;
  expect(kindWords({ kind: 'late', about })).toBe('Half of its time is gone');
  expect(aboutSentence(about, names, NOW_MS)).toMatch(/^Nobody has moved it yet\. It will be late .+\.$/);
  expect(aboutSentence(about, names, NOW_MS + 2 * HOUR_MS)).toMatch(/^Its time was up at .+\.$/);
  const stalled = { type: 'stalled', from: NOW_MS - HOUR_MS } as const;
  expect(kindWords({ kind: 'late', about: stalled })).toBe('Is late');
  expect(aboutSentence(stalled, names, NOW_MS)).toMatch(/^It should have moved .+\.$/);
});

test('the bell is named with its number', () => {
  expect(bellWords.button(0)).toBe('Notifications');
  expect(bellWords.button(3)).toBe('Notifications: 3 unread');
});
