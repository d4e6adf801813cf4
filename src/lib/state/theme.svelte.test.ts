import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { UserId } from '#lib/workflow/ids.ts';
import { Theme } from './theme.svelte.ts';

const ALICE = 'alice' as UserId;
const BOB = 'bob' as UserId;
const bars = [
  { media: '(prefers-color-scheme: light)', content: '' },
  { media: '(prefers-color-scheme: dark)', content: '' },
];
const root = { style: { colorScheme: '' }, dataset: {} };
const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal('document', { documentElement: root, querySelectorAll: () => bars });
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

function themeOf(userId: UserId | null): Theme {
  const theme = new Theme();
  theme.use(userId);
  return theme;
}

test('what alice chose is shown to alice again, and to nobody else', () => {
  themeOf(ALICE).choose('dark');
  expect(root.style.colorScheme).toBe('dark');
  expect(themeOf(BOB).choice).toBe('system');
  expect(root.style.colorScheme).toBe('');
  expect(themeOf(ALICE).choice).toBe('dark');
  expect(root.style.colorScheme).toBe('dark');
  themeOf(null);
  expect(root.style.colorScheme).toBe('');
});

test('the bars of the browser follow it', () => {
  const theme = themeOf(ALICE);
  expect(bars.map(({ content }) => content)).toEqual(['#ffffff', '#14171c']);
  theme.choose('dark');
  expect(bars.map(({ content }) => content)).toEqual(['#14171c', '#14171c']);
  theme.choose('light');
  expect(bars.map(({ content }) => content)).toEqual(['#ffffff', '#ffffff']);
  theme.choose('system');
  expect(bars.map(({ content }) => content)).toEqual(['#ffffff', '#14171c']);
});

test('a browser that keeps nothing, and a word nobody wrote, are as the system', () => {
  kept.set('baton.theme.alice', 'purple');
  expect(themeOf(ALICE).choice).toBe('system');
  vi.stubGlobal('localStorage', undefined);
  const theme = themeOf(ALICE);
  theme.choose('dark');
  expect(theme.choice).toBe('dark');
  expect(themeOf(ALICE).choice).toBe('system');
});
