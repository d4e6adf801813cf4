import { afterEach, expect, test, vi } from 'vitest';
import type { UserId } from '#lib/workflow/ids.ts';
import { KeySettings } from './key-settings.svelte.ts';

const ALICE = 'alice' as UserId;

afterEach(() => vi.unstubAllGlobals());

test('the choice is there again for the same person, and for nobody else', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  new KeySettings(ALICE).hasLetters = false;
  expect(new KeySettings(ALICE).hasLetters).toBe(false);
  expect(new KeySettings('bob' as UserId).hasLetters).toBe(true);
  new KeySettings(ALICE).hasLetters = true;
  expect(new KeySettings(ALICE).hasLetters).toBe(true);
});

test('a browser that keeps nothing keeps the choice for as long as the page', () => {
  vi.stubGlobal('localStorage', undefined);
  const settings = new KeySettings(ALICE);
  expect(settings.hasLetters).toBe(true);
  settings.hasLetters = false;
  expect(settings.hasLetters).toBe(false);
});
