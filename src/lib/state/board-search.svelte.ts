import type { SearchHit } from '#lib/protocol/api.ts';
import { SEARCH_CHARS_MAX } from '#lib/protocol/limits.ts';
import { api as pageApi, type Api } from '#lib/sync/api.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { hasWords } from './board-filter.ts';
import type { BoardCards } from './board-cards.svelte.ts';

/** So that a word is asked for once, and not each of its beginnings. */
const PAUSE_MS = 250;
/** One letter stands in almost every item. */
const CHARS_MIN = 2;

/** `unreachable`: only what this browser holds was searched. */
type SearchStatus = 'idle' | 'asking' | 'answered' | 'unreachable';

/**
 * What the words of the filter find beyond the cards: lately closed items at once, from this browser, and those that
 * left the board long ago from the server.
 */
export class BoardSearch {
  status: SearchStatus = $state('idle');
  hasMore = $state(false);
  #text = $state('');
  #answered: readonly SearchHit[] = $state.raw([]);
  readonly #boardId: BoardId;
  readonly #cards: BoardCards;
  readonly #api: Pick<Api, 'search'>;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Nothing that stands on the board as a card. */
  readonly found: readonly SearchHit[] = $derived.by(() => this.#found());

  constructor(boardId: BoardId, cards: BoardCards, api: Pick<Api, 'search'> = pageApi) {
    this.#boardId = boardId;
    this.#cards = cards;
    this.#api = api;
  }

  ask(given: string): void {
    const text = given.trim().slice(0, SEARCH_CHARS_MAX);
    if (text === this.#text) return;
    this.destroy();
    this.#text = text;
    this.#answered = [];
    this.hasMore = false;
    this.status = text.length < CHARS_MIN ? 'idle' : 'asking';
    if (this.status === 'asking') this.#timer = setTimeout(() => void this.#askServer(text), PAUSE_MS);
  }

  destroy(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #askServer(text: string): Promise<void> {
    const answer = await this.#api.search(this.#boardId, text);
    if (text !== this.#text) return;
    this.status = answer.ok ? 'answered' : 'unreachable';
    if (!answer.ok) return;
    this.#answered = answer.value.hits;
    this.hasMore = answer.value.hasMore;
  }

  #found(): readonly SearchHit[] {
    const text = this.#text;
    if (text.length < CHARS_MIN) return [];
    const closed = this.#cards.closed.cards.map(({ item }) => item).filter((item) => hasWords(item, text));
    const here: SearchHit[] = closed.map((item) => ({
      itemId: item.id,
      key: item.key,
      title: String(item.facts.title ?? ''),
      closed: item.closed && { kind: item.closed.kind, at: item.closed.at },
    }));
    return [...here, ...this.#answered.filter(({ itemId }) => !this.#cards.byId.has(itemId))];
  }
}
