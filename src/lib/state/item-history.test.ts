import { expect, test } from 'vitest';
import type { ItemLogAnswer, ItemLogEntry } from '#lib/protocol/api.ts';
import type { CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { ok, refused } from '#lib/workflow/result.ts';
import { ItemHistory } from './item-history.svelte.ts';

const itemId = 'item' as ItemId;

function entry(seq: number): ItemLogEntry {
  const actorId = (seq % 2 === 0 ? 'alice' : 'bob') as UserId;
  const base = {
    commandId: `c${seq}` as CommandId,
    actorId,
    at: seq,
    rulesVersion: 1,
    format: 1,
    events: [],
  };
  return { ...base, seq, commandType: 'orderItem' };
}

/** A server with this log, in pages of two. */
function serverWith(log: ItemLogEntry[]) {
  const asked: number[] = [];
  const itemLog = (_id: ItemId, after: number) => {
    asked.push(after);
    const entries = log.filter(({ seq }) => seq > after).slice(0, 2);
    return Promise.resolve(ok<ItemLogAnswer>({ entries, people: { alice: 'Alice', bob: 'Bob' } }));
  };
  return { api: { itemLog }, asked };
}

test('alice reads the whole log page by page, and later only what bob has added', async () => {
  const log = [entry(1), entry(4), entry(9)];
  const { api, asked } = serverWith(log);
  const history = new ItemHistory(itemId, api);
  await history.read();
  expect(history.entries.map(({ seq }) => seq)).toEqual([1, 4, 9]);
  expect(history.isComplete).toBe(true);
  log.push(entry(11));
  await history.read();
  expect(history.entries.map(({ seq }) => seq)).toEqual([1, 4, 9, 11]);
  expect(asked).toEqual([0, 4, 9, 9, 11]);
});

test('what bob does while alice still reads is read afterwards, and nothing twice', async () => {
  const log = [entry(1)];
  const { api } = serverWith(log);
  const history = new ItemHistory(itemId, api);
  const first = history.read();
  log.push(entry(2), entry(3));
  void history.read();
  await first;
  expect(history.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('without a server the history says why, and keeps what it has', async () => {
  const history = new ItemHistory(itemId, {
    itemLog: () => Promise.resolve(refused({ kind: 'unreachable' as const })),
  });
  await history.read();
  expect(history.fault).toEqual({ kind: 'unreachable' });
  expect(history.entries).toEqual([]);
});
