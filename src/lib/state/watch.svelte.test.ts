import { expect, test } from 'vitest';
import type { ItemId } from '#lib/workflow/ids.ts';
import { ok, refused } from '#lib/workflow/result.ts';
import { Watch } from './watch.svelte.ts';

const UNREACHABLE = { kind: 'unreachable' } as const;

/** A server on which vera watches what she has asked for. */
function server() {
  const given = { isWatching: false, isDown: false };
  const answer = async <Value>(value: Value) => (given.isDown ? refused(UNREACHABLE) : ok(value));
  const set = async (isWatching: boolean) => {
    if (!given.isDown) given.isWatching = isWatching;
    return await answer(null);
  };
  const api = {
    isWatching: () => answer({ isWatching: given.isWatching }),
    watch: () => set(true),
    unwatch: () => set(false),
  };
  return { given, watch: new Watch({ kind: 'item', itemId: 'item' as ItemId }, api) };
}

test('vera watches an item, and stops', async () => {
  const { given, watch } = server();
  expect(watch.isOn).toBeNull();
  await watch.read();
  await watch.toggle();
  expect([watch.isOn, given.isWatching]).toEqual([true, true]);
  await watch.toggle();
  expect([watch.isOn, given.isWatching]).toEqual([false, false]);
});

test('what the server has not taken is not shown as if it had, and says why', async () => {
  const { given, watch } = server();
  await watch.read();
  given.isDown = true;
  await watch.toggle();
  expect(watch.isOn).toBe(false);
  expect(watch.fault).toEqual(UNREACHABLE);
});
