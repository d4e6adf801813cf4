import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FieldKey, ItemId, UserId } from '#lib/workflow/ids.ts';
import { clearDrafts, Draft } from './draft.svelte.ts';

const ALICE = 'alice' as UserId;
const BOB = 'bob' as UserId;
const ITEM = 'one' as ItemId;
const [AMOUNT, LINK] = ['amount', 'link'] as unknown as [FieldKey, FieldKey];

beforeEach(() => vi.stubGlobal('sessionStorage', storageInMemory()));
afterEach(() => vi.unstubAllGlobals());

it('is there again when its field is, for the same person, item and purpose alone', () => {
  new Draft(ALICE, ITEM, 'return').text = 'Which of the two?';
  expect(new Draft(ALICE, ITEM, 'return').text).toBe('Which of the two?');
  expect(new Draft(BOB, ITEM, 'return').text).toBe('');
  expect(new Draft(ALICE, ITEM, 'comment').text).toBe('');
  new Draft(ALICE, ITEM, `field.${AMOUNT}`).text = 'about 12k';
  expect(new Draft(ALICE, ITEM, `field.${LINK}`).text).toBe('');
});

it('is gone once sent, and stays when it was not taken', () => {
  const draft = new Draft(ALICE, ITEM, 'comment');
  draft.text = 'Hello';
  expect(draft.clearIf(false)).toBe(false);
  expect(new Draft(ALICE, ITEM, 'comment').text).toBe('Hello');
  expect(draft.clearIf(true)).toBe(true);
  expect(new Draft(ALICE, ITEM, 'comment').text).toBe('');
});

it('is gone after signing out', () => {
  new Draft(ALICE, ITEM, 'comment').text = 'Hello';
  clearDrafts();
  expect(new Draft(ALICE, ITEM, 'comment').text).toBe('');
});

it('works without storage', () => {
  vi.stubGlobal('sessionStorage', undefined);
  const draft = new Draft(ALICE, ITEM, 'comment');
  draft.text = 'Hello';
  expect(draft.text).toBe('Hello');
});

/** Its entries are its own keys, as those of the browser's are. */
function storageInMemory(): Record<string, unknown> {
  const storage: Record<string, unknown> = {};
  const methods = {
    getItem: (key: string) => storage[key] ?? null,
    setItem: (key: string, value: string) => void (storage[key] = value),
    removeItem: (key: string) => void Reflect.deleteProperty(storage, key),
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(storage, name, { value });
  return storage;
}
