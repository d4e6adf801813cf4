import { expect, test } from 'vitest';
import { OpenOnce } from './open-once.ts';

test('S5: however many ask at once, one load runs, and all get the same', async () => {
  let loads = 0;
  const rooms = new OpenOnce<string, object>(async () => {
    loads += 1;
    await new Promise((resolve) => setImmediate(resolve));
    return {};
  });
  const got = await Promise.all(['a', 'a', 'a', 'b'].map((key) => rooms.get(key)));
  expect(loads).toBe(2);
  expect(new Set(got).size).toBe(2);
  expect(await rooms.get('a')).toBe(got[0]);
});

test('S6: a load that fails or finds nothing leaves nothing behind', async () => {
  const answers: (() => object | null)[] = [
    () => {
      throw new Error('The database is down.');
    },
    () => null,
    () => ({ room: true }),
  ];
  const rooms = new OpenOnce<string, object>(async () => answers.shift()?.() ?? null);
  await expect(Promise.all([rooms.get('a'), rooms.get('a')])).rejects.toThrow('down');
  expect(await rooms.get('a')).toBeNull();
  expect(rooms.opened()).toEqual([]);
  const room = await rooms.get('a');
  expect(room).toEqual({ room: true });
  rooms.forget('a', {});
  expect(rooms.peek('a')).toBe(room);
  if (room) rooms.forget('a', room);
  expect(rooms.peek('a')).toBeUndefined();
});
