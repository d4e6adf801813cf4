import { SvelteMap } from 'svelte/reactivity';
import type { ItemSession } from '#lib/sync/item-session.ts';
import type { SessionStatus } from '#lib/sync/session-status.ts';
import { changesSince, type ChangesSince } from '#lib/workflow/changes-since.ts';
import { TITLE_KEY, type Facts, type FactValue } from '#lib/workflow/definition.ts';
import { factOf, fieldOf, parseFact } from '#lib/workflow/facts.ts';
import { isFilled } from '#lib/workflow/gate.ts';
import type { FieldKey, TeamId, UserId } from '#lib/workflow/ids.ts';
import { hasRole, mayAct } from '#lib/workflow/permissions.ts';
import { readBackIn, type ReadBack } from '#lib/workflow/read-back.ts';
import type { FactProblem } from '#lib/workflow/refusals.ts';
import { cleanTexts } from '#lib/workflow/text.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { BoardScreen } from './board.svelte.ts';
import { fieldGroups, type FieldGroup } from './item-fields.ts';
import { Draft } from './draft.svelte.ts';
import { ItemChecklist } from './item-checklist.svelte.ts';
import type { ItemHistory } from './item-history.svelte.ts';
import { wayOf } from './item-strip.ts';
import type { Mentionable } from './mentions.ts';
import { notInHistory, type OwnComment } from './own-comments.ts';
import type { StripSegment } from './board-strip.ts';

/** The part of an item session that the page reads and writes. */
export type ItemPageSource = Pick<
  ItemSession,
  | 'facts'
  | 'setFact'
  | 'description'
  | 'carets'
  | 'checklist'
  | 'status'
  | 'isSaved'
  | 'unsentContent'
  | 'discard'
  | 'subscribe'
  | 'destroy'
>;

export interface ItemScreenOptions {
  readonly board: BoardScreen;
  readonly card: BoardCard;
  /** Opens the item document. */
  readonly open: () => Promise<ItemPageSource>;
  readonly history?: ItemHistory;
}

interface Unsettled {
  readonly value: FactValue | null;
  readonly problem: FactProblem | null;
}

/** One item as its page shows it: what the board says about it, with what its document holds on top. */
export class ItemScreen {
  readonly board: BoardScreen;
  readonly card: BoardCard;
  readonly history: ItemHistory;
  readonly commentDraft: Draft;
  readonly checklist = new ItemChecklist();
  source = $state.raw<ItemPageSource | null>(null);
  /** Another text when the server has begun a new epoch of the document. */
  description = $state.raw<ItemPageSource['description'] | null>(null);
  /** Where others write in the description. */
  writers = $state.raw<ReturnType<ItemPageSource['carets']['others']>>([]);
  /** The item document could not be opened. */
  hasFailed = $state(false);
  status = $state.raw<SessionStatus>({ kind: 'opening' });
  isSaved = $state(true);
  #live = $state.raw<Readonly<Record<string, FactValue>>>({});
  /** Typed here and not (or not yet) in the document: before it is open, or while the value is not valid. */
  readonly #typed = new SvelteMap<string, Unsettled>();
  readonly #open: () => Promise<ItemPageSource>;
  readonly #known: ReadonlySet<string>;
  #isClosed = false;

  readonly facts: Facts = $derived.by(() => this.#merged());
  readonly groups: readonly FieldGroup[] = $derived.by(() =>
    fieldGroups({ workflow: this.card.workflow, item: this.card.item, facts: this.facts }, this.#known),
  );
  readonly way: readonly StripSegment[] = $derived.by(() =>
    wayOf(this.card.item, this.card.workflow, {
      teams: this.board.ground.teams,
      stall: this.card.stallAhead,
    }),
  );
  /** Comments written here that the history does not hold yet. */
  readonly sending: readonly OwnComment[] = $derived.by(() =>
    notInHistory(this.card.comments, this.history.entries),
  );
  /** For the team that has it or is to take it, if this person is of it and it has had the item before. */
  readonly changes: { readonly teamId: TeamId; readonly since: ChangesSince } | null = $derived.by(() =>
    this.#changes(),
  );
  /** What was said, when it was accepted, to come next. */
  readonly readBack: ReadBack | null = $derived.by(() =>
    this.card.item.closed === null ? readBackIn(this.history.entries) : null,
  );
  /** Closed long ago. */
  readonly isArchived: boolean = $derived.by(() => this.board.isArchived(this.card.id));
  /** Members of any team write; viewers read. What is in the archive is read by all. */
  readonly canWrite: boolean = $derived.by(() => !this.isArchived && mayAct(this.board.ground.member));

  /** Everybody of the board, by name. */
  readonly people: readonly Mentionable[] = $derived.by(() =>
    [...this.board.ground.people.values()]
      .filter((person) => person.isAdmin || Object.keys(person.roles).length > 0)
      .map(({ id, name }) => ({ id, name }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  /** Nobody calls themselves. */
  readonly mentionable: readonly Mentionable[] = $derived.by(() =>
    this.people.filter(({ id }) => id !== this.board.userId),
  );

  constructor({ board, card, open, history }: ItemScreenOptions) {
    this.board = board;
    this.card = card;
    this.history = history ?? board.historyOf(card.id);
    this.commentDraft = new Draft(board.userId, card.id, 'comment');
    this.#open = open;
    this.#known = new Set(Object.keys(card.item.facts));
    void this.#openSource();
  }

  get title(): string {
    return String(factOf(this.facts, TITLE_KEY) ?? '');
  }

  valueOf(key: FieldKey): FactValue | undefined {
    const typed = this.#typed.get(key);
    return typed ? (typed.value ?? undefined) : (factOf(this.#live, key) ?? factOf(this.facts, key));
  }

  problemOf(key: FieldKey): FactProblem | null {
    const typed = this.#typed.get(key);
    if (typed) return typed.problem;
    const live = factOf(this.#live, key);
    return live === undefined ? null : this.#problemIn(key, live);
  }

  /** What was typed into a field and can't be written there. */
  keptIn(key: FieldKey): Draft {
    return new Draft(this.board.userId, this.card.id, `field.${key}`);
  }

  /** Null empties it. What is not valid yet stays on this screen, and is written as soon as it is. */
  set(key: FieldKey, given: FactValue | null): void {
    const value = cleanTexts(given);
    const problem = this.#problemIn(key, value);
    if (problem === null && this.source) {
      // Emptied: until the server has recorded that, the board's row still has the old value, which must not show.
      if (value === null) this.#typed.set(key, { value, problem });
      else this.#typed.delete(key);
      this.source.setFact(key, value);
      this.#live = this.source.facts();
    } else {
      this.#typed.set(key, { value, problem });
    }
  }

  comment(text: string): boolean {
    return this.board.acts.comment(this.card.id, text);
  }

  /** Reads on in the log. */
  async readHistory(): Promise<void> {
    await this.history.read();
  }

  /** After the server has refused what was written here: throws this browser's copy away and starts anew. */
  async discard(): Promise<void> {
    await this.source?.discard();
    this.source = null;
    this.description = null;
    this.checklist.show(null);
    this.#typed.clear();
    this.#live = {};
    await this.#openSource();
  }

  destroy(): void {
    this.#isClosed = true;
    this.source?.destroy();
  }

  #changes(): ItemScreen['changes'] {
    const { item } = this.card;
    const teamId = item.handoff?.toTeamId ?? item.holderTeamId;
    if (item.closed !== null || !this.history.isComplete) return null;
    if (!hasRole(this.board.ground.member, teamId, 'viewer')) return null;
    const since = changesSince(this.history.entries, teamId);
    return since && { teamId, since };
  }

  /** The row's facts, what is valid in the document, and what was typed here, each on top of the one before. */
  #merged(): Facts {
    const facts: Record<string, FactValue> = { ...this.card.item.facts };
    for (const [key, value] of Object.entries(this.#live)) {
      if (this.#problemIn(key, value) === null) facts[key] = value;
    }
    for (const [key, { value, problem }] of this.#typed) {
      if (problem !== null) continue;
      if (value === null) delete facts[key];
      else facts[key] = value;
    }
    return facts;
  }

  #problemIn(key: string, value: FactValue | null): FactProblem | null {
    const field = fieldOf(this.card.workflow, key);
    if (field === null) return 'unknownField';
    if (key === TITLE_KEY && (value === null || !isFilled(field, value))) return 'empty';
    if (value === null || !isFilled(field, value)) return null;
    const parsed = parseFact(field, value, (id) => this.board.state.members.has(id as UserId));
    return parsed.ok ? null : parsed.problem;
  }

  async #openSource(): Promise<void> {
    const source = await this.#open().catch(() => null);
    if (source === null) {
      this.hasFailed = true;
      return;
    }
    if (this.#isClosed) {
      // Whoever types at once and leaves again has typed it all the same.
      for (const [key, { value, problem }] of this.#typed) if (problem === null) source.setFact(key, value);
      source.destroy();
      return;
    }
    this.source = source;
    source.subscribe(() => this.#refresh());
    source.carets.subscribe(() => (this.writers = source.carets.others()));
    this.#refresh();
    for (const [key, { value, problem }] of this.#typed) {
      if (problem === null) this.set(key as FieldKey, value);
    }
  }

  #refresh(): void {
    const { source } = this;
    if (!source) return;
    const live = source.facts();
    if (live !== this.#live) {
      // Somebody has filled in again what was emptied here.
      for (const key of Object.keys(live)) if (this.#typed.get(key)?.value === null) this.#typed.delete(key);
      this.#live = live;
    }
    this.description = source.description;
    this.checklist.show(source.checklist);
    this.status = source.status;
    this.isSaved = source.isSaved;
  }
}
