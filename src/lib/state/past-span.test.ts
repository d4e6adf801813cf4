import { expect, test } from 'vitest';
import { offeredToLegal } from '../../../tests/support/board.ts';
import type { Api, LogSpan } from '#lib/sync/api.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { ok, refused } from '#lib/workflow/result.ts';
import { PastSpan, SPAN_ENTRIES_MAX } from './past-span.svelte.ts';

const SPAN: LogSpan = { fromMs: 1, toMs: null };
const board = 'board' as BoardId;

/** A server whose log can grow, and whose line can be cut. */
class Server {
  log: Entry[] = [...offeredToLegal().log];
  isCut = false;
  asked: string[] = [];
  pageEntries = 2;

  readonly api: Pick<Api, 'past' | 'boardLog'> = {
    past: async (_board, atMs, after) => {
      this.asked.push(`past ${atMs} ${String(after)}`);
      if (this.isCut) return refused({ kind: 'unreachable' });
      return ok({ seq: 1, items: [], next: after === null ? 500 : null });
    },
    boardLog: async (_board, _span, after) => {
      this.asked.push(`log ${String(after)}`);
      if (this.isCut) return refused({ kind: 'unreachable' });
      const later = this.log.filter(({ seq }) => seq > (after ?? 0));
      const entries = later.slice(0, this.pageEntries);
      const next = later.length > entries.length ? (entries.at(-1)?.seq ?? null) : null;
      return ok({ entries, people: { alice: 'Alice' }, next });
    },
  };
}

test('a span is read page by page: first how the board stood, then all that happened', async () => {
  const server = new Server();
  const past = new PastSpan(board, SPAN, server.api);
  await past.read();
  expect(server.asked).toEqual(['past 1 null', 'past 1 500', 'log 1']);
  expect(past.entries.map(({ seq }) => seq)).toEqual([2, 3]);
  expect([past.isComplete, past.isCut, past.fault]).toEqual([true, false, null]);
  expect(past.people).toEqual({ alice: 'Alice' });
});

test('read again it goes on after the last entry, and what comes meanwhile is not missed', async () => {
  const server = new Server();
  const later = server.log.splice(2);
  const past = new PastSpan(board, SPAN, server.api);
  const reading = past.read();
  server.log.push(...later);
  await Promise.all([reading, past.read()]);
  expect(past.entries.map(({ seq }) => seq)).toEqual([2, 3]);
  expect(server.asked.filter((one) => one.startsWith('past'))).toHaveLength(2);
});

test('a cut line is a fault, and the next read goes on from where it was', async () => {
  const server = new Server();
  server.isCut = true;
  const past = new PastSpan(board, SPAN, server.api);
  await past.read();
  expect([past.fault, past.start, past.isComplete]).toEqual([{ kind: 'unreachable' }, null, false]);
  server.isCut = false;
  await past.read();
  expect([past.fault, past.isComplete, past.entries.length]).toEqual([null, true, 2]);
});

test('more entries than a page may hold are not held, and that is said', async () => {
  const server = new Server();
  const [first] = server.log;
  if (!first) throw new Error('There is an entry.');
  server.log = Array.from({ length: SPAN_ENTRIES_MAX + 10 }, (_, index) => ({ ...first, seq: index + 2 }));
  server.pageEntries = 7_000;
  const past = new PastSpan(board, SPAN, server.api);
  await past.read();
  expect([past.entries.length, past.isCut, past.isComplete]).toEqual([SPAN_ENTRIES_MAX, true, true]);
  expect(past.cutAtMs).toBe(first.at);
  const asked = server.asked.length;
  await past.read();
  expect(server.asked).toHaveLength(asked);
});

test('once it was left nothing is taken in any more', async () => {
  const server = new Server();
  const past = new PastSpan(board, SPAN, server.api);
  const reading = past.read();
  past.destroy();
  await reading;
  expect([past.start, past.entries]).toEqual([null, []]);
});
