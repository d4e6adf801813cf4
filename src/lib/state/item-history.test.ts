import { expect, test, vi } from 'vitest';
import type { ItemLogAnswer, ItemLogEntry } from '#lib/protocol/api.ts';
import type { KeptHistory } from '#lib/sync/history-store.ts';
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
  const history = new ItemHistory(itemId, { api, store: null });
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
  const history = new ItemHistory(itemId, { api, store: null });
  const first = history.read();
  log.push(entry(2), entry(3));
  void history.read();
  await first;
  expect(history.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
});

test('a request that hangs in a broken line is given up when there is reason to ask again', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { api } = serverWith([entry(1)]);
  const answers = [() => new Promise<never>(() => undefined), () => api.itemLog(itemId, 0)];
  const itemLog = vi.fn((_id: ItemId, after: number) =>
    (answers.shift() ?? (() => api.itemLog(itemId, after)))(),
  );
  const history = new ItemHistory(itemId, { api: { itemLog }, store: null });
  const reading = history.read();
  await expect.poll(() => itemLog.mock.calls.length).toBe(1);
  void history.read();
  expect(itemLog).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_001);
  void history.read();
  await reading;
  expect(history.entries.map(({ seq }) => seq)).toEqual([1]);
  vi.useRealTimers();
});

/** What this browser keeps, as a list that a test can look at. */
function storeWith(kept: KeptHistory | null) {
  const held = { history: kept };
  const store = {
    load: () => Promise.resolve(held.history),
    save: (_id: ItemId, { entries, people }: KeptHistory) => {
      held.history = { entries, people };
      return Promise.resolve();
    },
    forget: () => {
      held.history = null;
      return Promise.resolve();
    },
  };
  return { store, held };
}

const seqs = (history: KeptHistory | null) => history?.entries.map(({ seq }) => seq);

test('what alice has read is kept, and the next time only what bob has added is fetched', async () => {
  const log = [entry(1), entry(4)];
  const { api, asked } = serverWith(log);
  const { store, held } = storeWith(null);
  await new ItemHistory(itemId, { api, store }).read();
  expect(seqs(held.history)).toEqual([1, 4]);
  log.push(entry(9));
  asked.length = 0;
  const again = new ItemHistory(itemId, { api, store });
  await again.read();
  expect(seqs(again)).toEqual([1, 4, 9]);
  expect(again.people).toEqual({ alice: 'Alice', bob: 'Bob' });
  expect(seqs(held.history)).toEqual([1, 4, 9]);
  // The last one that is kept is compared, and comes along.
  expect(asked).toEqual([3, 9]);
});

test('a log that went another way since, as after a restore of the server, replaces what was kept', async () => {
  const { store, held } = storeWith(null);
  const another = { ...entry(4), commandId: 'another' as CommandId };
  const decidedLater = { ...entry(4), at: 7 };
  const atAnotherSeq = { ...entry(4), seq: 5 };
  for (const log of [
    [entry(1), another],
    [entry(2), decidedLater],
    [entry(2), atAnotherSeq, entry(8)],
    [entry(1)],
  ]) {
    held.history = { entries: [entry(1), entry(4)], people: {} };
    const history = new ItemHistory(itemId, { api: serverWith(log).api, store });
    await history.read();
    expect(history.entries).toEqual(log);
    expect(held.history?.entries).toEqual(log);
  }
});

test('without a server the kept history is shown, and is not called complete', async () => {
  const { store } = storeWith({ entries: [entry(1), entry(4)], people: { bob: 'Bob' } });
  const itemLog = () => Promise.resolve(refused({ kind: 'unreachable' as const }));
  const history = new ItemHistory(itemId, { api: { itemLog }, store });
  await history.read();
  expect(seqs(history)).toEqual([1, 4]);
  expect(history.people).toEqual({ bob: 'Bob' });
  expect(history.fault).toEqual({ kind: 'unreachable' });
  expect(history.isComplete).toBe(false);
});

test('of an item that is none of bob’s any more nothing is shown or kept', async () => {
  const { store, held } = storeWith({ entries: [entry(1)], people: {} });
  const gone = { kind: 'refused' as const, status: 404, code: 'notFound', message: '', id: null, data: {} };
  const history = new ItemHistory(itemId, {
    api: { itemLog: () => Promise.resolve(refused(gone)) },
    store,
  });
  await history.read();
  expect(history.entries).toEqual([]);
  expect(held.history).toBeNull();
});

test('a store that fails keeps nothing back', async () => {
  const fail = () => Promise.reject(new Error('the disk is full'));
  const { api } = serverWith([entry(1)]);
  const history = new ItemHistory(itemId, { api, store: { load: fail, save: fail, forget: fail } });
  await history.read();
  expect(seqs(history)).toEqual([1]);
  expect(history.isComplete).toBe(true);
});

test('without a server the history says why, and keeps what it has', async () => {
  const history = new ItemHistory(itemId, {
    api: { itemLog: () => Promise.resolve(refused({ kind: 'unreachable' as const })) },
    store: null,
  });
  await history.read();
  expect(history.fault).toEqual({ kind: 'unreachable' });
  expect(history.entries).toEqual([]);
});
