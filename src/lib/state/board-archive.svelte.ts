import type { ArchivedItem } from '#lib/protocol/api.ts';
import { SEARCH_CHARS_MAX } from '#lib/protocol/limits.ts';
import { api as pageApi, type Api } from '#lib/sync/api.ts';
import type { BoardId } from '#lib/workflow/ids.ts';

/** So that a word is asked for once, and not each of its beginnings. */
const PAUSE_MS = 250;

/** `unreachable`: the server, which alone knows what was closed long ago, can't be asked. */
type ArchiveStatus = 'asking' | 'answered' | 'unreachable';

/** What was closed on a board, the latest first, a page at a time. */
export class BoardArchive {
  items: readonly ArchivedItem[] = $state.raw([]);
  status: ArchiveStatus = $state('asking');
  /** What `items` were found with; empty: all. */
  text = $state('');
  #next: string | null = $state.raw(null);
  readonly #boardId: BoardId;
  readonly #api: Pick<Api, 'archive'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the last question: an answer to an earlier one comes too late. */
  #asked = 0;

  constructor(boardId: BoardId, api: Pick<Api, 'archive'> = pageApi) {
    this.#boardId = boardId;
    this.#api = api;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** While one types: asks after a pause. */
  askSoon(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(text), PAUSE_MS);
  }

  async ask(given: string): Promise<void> {
    clearTimeout(this.#timer);
    await this.#read(given.trim().slice(0, SEARCH_CHARS_MAX), null);
  }

  /** The next page, below what is there. */
  async more(): Promise<void> {
    if (this.#next !== null && this.status !== 'asking') await this.#read(this.text, this.#next);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  async #read(text: string, before: string | null): Promise<void> {
    const asked = (this.#asked += 1);
    this.status = 'asking';
    const answer = await this.#api.archive(this.#boardId, text, before);
    if (asked !== this.#asked) return;
    this.status = answer.ok ? 'answered' : 'unreachable';
    if (!answer.ok) return;
    const { items, next } = answer.value;
    this.items = before === null ? items : [...this.items, ...items];
    this.text = text;
    this.#next = next;
  }
}
