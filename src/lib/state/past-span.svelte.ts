import { api as pageApi, type Api, type ApiFault, type LogSpan } from '#lib/sync/api.ts';
import type { Entry } from '#lib/workflow/events.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';

/** The most entries that a page holds: some forty megabytes. Who wants to see more chooses a shorter span. */
export const SPAN_ENTRIES_MAX = 50_000;

export interface SpanStart {
  readonly items: readonly Item[];
  /** The last entry before the span. */
  readonly seq: number;
}

/** One span of a board's log: how the board stood when it began, and all that happened in it, page by page. */
export class PastSpan {
  readonly span: LogSpan;
  /** Null: not read yet, or not to its end. */
  start: SpanStart | null = $state.raw(null);
  entries: readonly Entry[] = $state.raw([]);
  /** Names of people whom the board may have forgotten. */
  people: Readonly<Record<string, string>> = $state.raw({});
  /** All was read that there was when it was asked for last. */
  isComplete = $state(false);
  /** There is more in the span than a page holds. */
  isCut = $state(false);
  /** Null: read, or being read. */
  fault: ApiFault | null = $state.raw(null);
  readonly #boardId: BoardId;
  readonly #api: Pick<Api, 'past' | 'boardLog'>;
  #isReading = false;
  #wantsMore = false;
  #isLeft = false;

  constructor(boardId: BoardId, span: LogSpan, api: Pick<Api, 'past' | 'boardLog'> = pageApi) {
    this.#boardId = boardId;
    this.span = span;
    this.#api = api;
  }

  /** Where a span that is cut ends, in what is held of it; null: it ends where it was to end. */
  get cutAtMs(): number | null {
    return this.isCut ? (this.entries.at(-1)?.at ?? null) : null;
  }

  /** Reads all that is new. Asked again while it reads, it goes on afterwards: the last change is never missed. */
  async read(): Promise<void> {
    this.#wantsMore = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#wantsMore && !this.#isLeft) {
        this.#wantsMore = false;
        this.fault = null;
        if (this.start === null) await this.#readStart();
        if (this.start !== null) await this.#readEntries(this.start);
      }
    } finally {
      this.#isReading = false;
    }
  }

  /** What is still on its way comes too late. */
  destroy(): void {
    this.#isLeft = true;
  }

  async #readStart(): Promise<void> {
    const items: Item[] = [];
    let after: number | null = null;
    do {
      const answer: Awaited<ReturnType<Api['past']>> = await this.#api.past(
        this.#boardId,
        this.span.fromMs,
        after,
      );
      if (this.#isLeft) return;
      if (!answer.ok) return this.#fail(answer.refusal);
      items.push(...answer.value.items);
      after = answer.value.next;
      if (after === null) this.start = { items, seq: answer.value.seq };
    } while (after !== null);
  }

  async #readEntries(start: SpanStart): Promise<void> {
    let after: number | null = this.entries.at(-1)?.seq ?? start.seq;
    while (after !== null && !this.isCut) {
      const answer: Awaited<ReturnType<Api['boardLog']>> = await this.#api.boardLog(
        this.#boardId,
        this.span,
        after,
      );
      if (this.#isLeft) return;
      if (!answer.ok) return this.#fail(answer.refusal);
      const { entries, people, next } = answer.value;
      const room = SPAN_ENTRIES_MAX - this.entries.length;
      if (entries.length > 0) this.entries = [...this.entries, ...entries.slice(0, room)];
      this.people = { ...this.people, ...people };
      this.isCut = entries.length > room || (next !== null && entries.length === room);
      after = next;
    }
    this.isComplete = true;
  }

  #fail(fault: ApiFault): void {
    this.fault = fault;
  }
}
