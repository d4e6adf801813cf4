import { afterEach, expect, test, vi } from 'vitest';
import type { Notification, NotificationsAnswer } from '#lib/protocol/api.ts';
import type { BoardId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { BoardBell } from './board-bell.svelte.ts';

const BOB = 'bob' as UserId;

function told(id: string, at: number, kind: Notification['kind'] = 'act'): Notification {
  const item = { id: id as ItemId, key: `ONB-${id}`, title: 'Acme' };
  return { id, kind, about: { type: 'offered', by: BOB }, item, at, isRead: false };
}

/** A server that holds what alice of Sales is told. */
class Told {
  list: Notification[] = [];
  isDown = false;
  #listeners = new Set<() => void>();

  readonly onNews = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly api = {
    notifications: () => Promise.resolve(this.#answer()),
    readNotifications: (_: BoardId, body: { id: string; at: number } | { until: number }) => {
      this.list = this.list.map((each) =>
        'until' in body
          ? { ...each, isRead: each.at <= body.until }
          : { ...each, isRead: each.id === body.id },
      );
      return Promise.resolve(this.#answer());
    },
  };

  /** The server says that there is news. */
  ring(): void {
    for (const listener of this.#listeners) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  #answer() {
    if (this.isDown) return { ok: false, refusal: { kind: 'unreachable' } } as const;
    const value: NotificationsAnswer = {
      unread: this.list.filter(({ isRead }) => !isRead).length,
      notifications: [...this.list].sort((a, b) => b.at - a.at),
      next: null,
    };
    return { ok: true, value } as const;
  }
}

let bell: BoardBell | undefined;
afterEach(() => bell?.destroy());

function open(server: Told): BoardBell {
  bell = new BoardBell({ boardId: 'board' as BoardId, onNews: server.onNews, api: server.api });
  return bell;
}

test('news is shown when the server rings, the latest first', async () => {
  const server = new Told();
  const alice = open(server);
  server.list = [told('1', 1), told('2', 2)];
  server.ring();
  await vi.waitFor(() => expect(alice.unread).toBe(2));
  expect(alice.notifications.map(({ id }) => id)).toEqual(['2', '1']);
});

test('all that was seen is read, and what came after it is not', async () => {
  const server = new Told();
  const alice = open(server);
  server.list = [told('1', 1)];
  await alice.read();
  server.list.push(told('2', 2));
  await alice.markAllRead();
  expect(alice.unread).toBe(1);
});

test('what comes back is read out, and what had come back before the page was opened is not', async () => {
  const server = new Told();
  server.list = [told('1', 1, 'cameBack')];
  const alice = open(server);
  await alice.read();
  expect(alice.cameBack).toBeNull();
  server.list.push(told('2', 2, 'cameBack'));
  await alice.read();
  expect(alice.cameBack?.id).toBe('2');
});

test('without a network what is there stays, and says that it may be old', async () => {
  const server = new Told();
  const alice = open(server);
  server.list = [told('1', 1)];
  await alice.read();
  server.isDown = true;
  await alice.read();
  expect(alice.status).toBe('unreachable');
  expect(alice.notifications).toHaveLength(1);
});

test('nothing listens any more once the board is left', () => {
  const server = new Told();
  open(server).destroy();
  expect(server.listeners).toBe(0);
});
