import type { Notification } from '#lib/protocol/api.ts';
import { api as pageApi, type Api } from '#lib/sync/api.ts';
import type { BoardId } from '#lib/workflow/ids.ts';

/** The server says when there is news; this is for when that got lost on the way. */
const ASK_EVERY_MS = 60_000;

/** `unreachable`: what is shown may be old, or there is nothing to show yet. */
type BellStatus = 'asking' | 'answered' | 'unreachable';
type BellApi = Pick<Api, 'notifications' | 'readNotifications'>;

export interface BoardBellOptions {
  readonly boardId: BoardId;
  /** Calls back whenever there may be news. */
  readonly onNews: (listener: () => void) => () => void;
  readonly api?: BellApi;
}

/** What this person is told of the board, the latest first. */
export class BoardBell {
  unread = $state(0);
  notifications: readonly Notification[] = $state.raw([]);
  status: BellStatus = $state('asking');
  /** Unread and come back since the page was opened: what a screen reader is told at once. */
  cameBack: Notification | null = $state.raw(null);
  #next: string | null = $state.raw(null);
  readonly #boardId: BoardId;
  readonly #api: BellApi;
  readonly #stop: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  /** Of the last question: an answer to an earlier one comes too late. */
  #asked = 0;
  #seenAt: number | null = null;

  constructor({ boardId, onNews, api = pageApi }: BoardBellOptions) {
    this.#boardId = boardId;
    this.#api = api;
    this.#stop = onNews(() => void this.read());
    this.#timer = setInterval(() => void this.read(), ASK_EVERY_MS);
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Whether there is something to be marked as read among what is shown. */
  get hasUnread(): boolean {
    return this.notifications.some(({ isRead }) => !isRead);
  }

  async read(): Promise<void> {
    await this.#ask(null);
  }

  /** The next page, below what is there. */
  async more(): Promise<void> {
    if (this.#next !== null && this.status !== 'asking') await this.#ask(this.#next);
  }

  /** As it was seen: should it have been renewed meanwhile, it stays unread. */
  async markRead({ id, at }: Pick<Notification, 'id' | 'at'>): Promise<void> {
    this.#showRead((each) => each.id === id);
    await this.#tellRead({ id, at });
  }

  async markAllRead(): Promise<void> {
    const [latest] = this.notifications;
    if (!latest) return;
    this.#showRead(() => true);
    await this.#tellRead({ until: latest.at });
  }

  destroy(): void {
    this.#stop();
    clearInterval(this.#timer);
    this.#asked += 1;
  }

  async #ask(before: string | null): Promise<void> {
    const asked = (this.#asked += 1);
    const answer = await this.#api.notifications(this.#boardId, before);
    if (asked !== this.#asked) return;
    this.status = answer.ok ? 'answered' : 'unreachable';
    if (!answer.ok) return;
    const { unread, notifications, next } = answer.value;
    this.unread = unread;
    this.notifications = before === null ? notifications : [...this.notifications, ...notifications];
    this.#next = next;
    this.#noticeReturns();
  }

  #noticeReturns(): void {
    const latest = this.notifications.find(({ kind, isRead }) => kind === 'cameBack' && !isRead) ?? null;
    const isFirst = this.#seenAt === null;
    if (!isFirst && latest !== null && latest.at > (this.#seenAt ?? 0)) this.cameBack = latest;
    this.#seenAt = Math.max(this.#seenAt ?? 0, latest?.at ?? 0);
  }

  /** At once, and again as the server has it: it may say otherwise. */
  #showRead(isMeant: (notification: Notification) => boolean): void {
    this.notifications = this.notifications.map((each) => (isMeant(each) ? { ...each, isRead: true } : each));
  }

  async #tellRead(body: Parameters<BellApi['readNotifications']>[1]): Promise<void> {
    const answer = await this.#api.readNotifications(this.#boardId, body);
    if (answer.ok) this.unread = answer.value.unread;
    else await this.read();
  }
}
