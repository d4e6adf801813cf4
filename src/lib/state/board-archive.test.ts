import { expect, test, vi } from 'vitest';
import type { ArchiveAnswer, ArchivedItem } from '#lib/protocol/api.ts';
import type { Api } from '#lib/sync/api.ts';
import type { BoardId, ItemId } from '#lib/workflow/ids.ts';
import { ok, refused } from '#lib/workflow/result.ts';
import { BoardArchive } from './board-archive.svelte.ts';

const BOARD = 'board' as BoardId;

function itemOf(key: string): ArchivedItem {
  return { itemId: key as ItemId, key, title: key, closed: { kind: 'completed', at: 1 } };
}

/** Answers in the order wished for. */
function scripted() {
  const asked: { text: string; before: string | null; answer: (value: ArchiveAnswer | null) => void }[] = [];
  const api: Pick<Api, 'archive'> = {
    archive: (_, text, before) =>
      new Promise((resolve) => {
        const answer = (value: ArchiveAnswer | null) =>
          resolve(value === null ? refused({ kind: 'unreachable' }) : ok(value));
        asked.push({ text, before, answer });
      }),
  };
  return { asked, archive: new BoardArchive(BOARD, api) };
}

const keysOf = ({ items }: BoardArchive) => items.map(({ key }) => key);

test('the next page goes below the first, until there is none', async () => {
  const { asked, archive } = scripted();
  const first = archive.ask('');
  asked[0]?.answer({ items: [itemOf('A-2')], next: '5.2' });
  await first;
  const second = archive.more();
  expect(asked[1]).toMatchObject({ text: '', before: '5.2' });
  asked[1]?.answer({ items: [itemOf('A-1')], next: null });
  await second;
  expect(keysOf(archive)).toEqual(['A-2', 'A-1']);
  expect(archive.hasMore).toBe(false);
  await archive.more();
  expect(asked).toHaveLength(2);
});

test('an answer to an earlier question does not replace that to a later one', async () => {
  const { asked, archive } = scripted();
  const [early, late] = [archive.ask('a'), archive.ask(' ab ')];
  asked[1]?.answer({ items: [itemOf('A-7')], next: null });
  await late;
  asked[0]?.answer({ items: [itemOf('A-1')], next: '1.1' });
  await early;
  expect(keysOf(archive)).toEqual(['A-7']);
  expect([archive.text, archive.hasMore, archive.status]).toEqual(['ab', false, 'answered']);
});

test('without the server what was read stays, and it says so', async () => {
  const { asked, archive } = scripted();
  const first = archive.ask('');
  asked[0]?.answer({ items: [itemOf('A-1')], next: '1.1' });
  await first;
  const second = archive.more();
  asked[1]?.answer(null);
  await second;
  expect(archive.status).toBe('unreachable');
  expect(keysOf(archive)).toEqual(['A-1']);
});

test('a word is asked for once, when typing pauses', () => {
  vi.useFakeTimers();
  try {
    const { asked, archive } = scripted();
    for (const text of ['n', 'no', 'nor']) archive.askSoon(text);
    vi.runAllTimers();
    expect(asked.map(({ text }) => text)).toEqual(['nor']);
    archive.askSoon('nort');
    archive.destroy();
    vi.runAllTimers();
    expect(asked).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});
