import {
  boardNameFromDocument,
  itemsFromDocument,
  peopleFromDocument,
  figuresFromDocument,
} from '#lib/board/document.ts';
import { project, type Projected } from '#lib/board/project.ts';
import type { OwnPresence, PersonHere } from '#lib/sync/board-session.ts';
import type { OutboxEntry } from '#lib/sync/outbox-entry.ts';
import type { SessionStatus, StorageStatus } from '#lib/sync/session-status.ts';
import type { BoardId, CommandId, ItemId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import { legalMoves, type Move, type NoWay } from '#lib/workflow/legal-moves.ts';
import { hasRole } from '#lib/workflow/permissions.ts';
import { asksReadBack } from '#lib/workflow/read-back.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { BoardActs } from './board-acts.ts';
import { BoardCarry } from './board-carry.svelte.ts';
import type { BoardCard } from './board-card.svelte.ts';
import { BoardCards } from './board-cards.svelte.ts';
import { BoardBell } from './board-bell.svelte.ts';
import { BoardClock } from './board-clock.svelte.ts';
import { BoardDrag } from './board-drag.svelte.ts';
import { BoardFilters } from './board-filters.svelte.ts';
import type { BoardFlow } from './board-flow.ts';
import { BoardGround } from './board-ground.svelte.ts';
import { ItemHistory } from './item-history.svelte.ts';
import { KeySettings } from './key-settings.svelte.ts';
import { BoardNotes } from './board-notes.svelte.ts';
import { BoardMoves } from './moves.svelte.ts';
import type { BoardSource, OpenItem } from './board-source.ts';
import { ownComments } from './own-comments.ts';
import { BoardSelection } from './board-selection.svelte.ts';
import { withVisited } from './visited-item.ts';
import { unsentOf, type Unsent } from './unsent.ts';

const NO_FLOW: BoardFlow = { kind: 'none' };
const NO_ENTRIES: readonly OutboxEntry[] = [];
const NOBODY: readonly PersonHere[] = [];

export interface BoardScreenOptions {
  readonly source: BoardSource;
  readonly userId: UserId;
  readonly openItem: OpenItem;
  readonly onDestroy?: () => void;
}

/**
 * What the board's screen shows: the board document with the outbox on top, as lanes and cards that stay the same
 * objects, and what this person can do with them. Everything that is drawn is read from here.
 */
export class BoardScreen {
  readonly boardId: BoardId;
  readonly userId: UserId;
  readonly ground: BoardGround;
  readonly cards: BoardCards;
  readonly clock: BoardClock;
  readonly filters: BoardFilters;
  readonly notes = new BoardNotes();
  readonly acts: BoardActs;
  readonly selection: BoardSelection;
  readonly drag: BoardDrag;
  readonly carry: BoardCarry;
  readonly keys: KeySettings;
  readonly moves: BoardMoves;
  readonly bell: BoardBell;
  readonly openItem: OpenItem;
  name = $state('');
  hasContent = $state(false);
  status: SessionStatus = $state.raw({ kind: 'opening' });
  storage: StorageStatus = $state.raw({ kind: 'ok' });
  canProject = $state(true);
  /** What only this browser has, and whether it survives a reload. */
  unsent: Unsent = $state.raw({ count: 0, where: 'kept' });
  /** Verdicts of "no" that were not dismissed yet, oldest first. */
  refused: readonly OutboxEntry[] = $state.raw(NO_ENTRIES);
  people: readonly PersonHere[] = $state.raw(NOBODY);
  flow: BoardFlow = $state.raw(NO_FLOW);
  /** Looked at although it has left the document. */
  #visited: Item | null = $state.raw(null);
  #projected: Projected;
  readonly #source: BoardSource;
  readonly #unsubscribe: () => void;
  readonly #onDestroy: () => void;
  #markedIds: ReadonlySet<ItemId> = new Set();
  #visitedIds: ReadonlySet<ItemId> = new Set();
  #toldRefusals: Set<CommandId> | null = null;

  constructor({ source, userId, openItem, onDestroy }: BoardScreenOptions) {
    this.#onDestroy = onDestroy ?? (() => undefined);
    this.#source = source;
    this.boardId = source.state.boardId;
    this.userId = userId;
    this.openItem = openItem;
    this.ground = new BoardGround(userId);
    this.cards = new BoardCards(this.ground);
    this.clock = new BoardClock(() => source.serverNow());
    this.filters = new BoardFilters(this.ground, this.cards, this.clock);
    this.#projected = $state.raw(this.#project());
    this.acts = new BoardActs(this.#actGround());
    this.selection = new BoardSelection(this);
    this.drag = new BoardDrag(this);
    this.carry = new BoardCarry(this.drag, this.cards);
    this.keys = new KeySettings(userId);
    this.moves = new BoardMoves(this);
    this.bell = new BoardBell({ boardId: this.boardId, onNews: (listener) => source.onBell(listener) });
    this.#unsubscribe = source.subscribe(() => this.#refresh());
    this.#refresh();
  }

  /** The board as this person sees it, own pending commands included. */
  get state(): BoardState {
    return this.#projected.state;
  }

  get isLive(): boolean {
    return this.status.kind === 'live';
  }

  /** The newest version of each workflow that begins with this team, if this person may create items there. */
  startsIn(teamId: TeamId): readonly WorkflowVersion[] {
    return hasRole(this.ground.member, teamId, 'member') ? this.ground.startsIn(teamId) : [];
  }

  movesOf(card: BoardCard): readonly Move[] {
    return legalMoves(this.state, card.item, { userId: this.userId });
  }

  /**
   * Hands a card over: at once where there is one way and nothing to ask, else through the sheet. Drag, menu and
   * keyboard all come through here.
   */
  handOver(card: BoardCard, moves: readonly Move[]): void {
    const [only] = moves;
    if (moves.length === 1 && only?.route.kind === 'back') {
      this.open({ kind: 'sendBack', itemId: card.id });
    } else if (moves.length === 1 && only?.route.kind === 'seam' && only.missing.length === 0) {
      this.acts.offer(card.id, only.route.seamId, { facts: card.item.facts, note: '' });
    } else {
      this.open({ kind: 'handoff', itemId: card.id, toStepIds: moves.map(({ toStep }) => toStep.id) });
    }
  }

  /** A drag takes all selected cards along if it began on one of them. */
  dropSelected(card: BoardCard, teamId: TeamId): boolean {
    if (!this.selection.has(card) || this.selection.cards.length < 2) return false;
    this.selection.handTo(teamId);
    return true;
  }

  /** Accepts what is offered: at once, or by the sheet where the seam asks what happens next. `order`: where it was dropped. */
  accept(card: BoardCard, order?: string): void {
    const { handoff } = card.item;
    if (handoff && asksReadBack(card.workflow, handoff))
      this.open({ kind: 'accept', itemId: card.id, order });
    else this.acts.accept(card.id, { order });
  }

  open(flow: BoardFlow): void {
    this.flow = flow;
  }

  close(): void {
    this.flow = NO_FLOW;
  }

  dismiss(commandId: CommandId): void {
    void this.#source.dismiss(commandId);
  }

  setPresence(presence: OwnPresence): void {
    this.#source.setPresence(presence);
  }

  /** The log of an item, beginning with what this browser has kept of it. */
  historyOf(itemId: ItemId): ItemHistory {
    return new ItemHistory(itemId, { store: this.#source.histories });
  }

  /** Shows an item that has left the document, as long as its page is open; null: none. */
  visit(item: Item | null): void {
    if (item === this.#visited || (item && !this.ground.knowsWorkflowOf(item))) return;
    this.#visited = item;
    this.#refresh();
  }

  /** It was closed long ago, and can be read only, or reopened. */
  isArchived(itemId: ItemId): boolean {
    const visited = this.#visited;
    return visited?.id === itemId && visited.closed !== null && this.cards.byId.get(itemId)?.item === visited;
  }

  tellNotPossible(card: BoardCard, why: Refusal | NoWay): void {
    this.notes.tell({ kind: 'notPossible', item: card.item, refusal: why });
  }

  destroy(): void {
    this.#onDestroy();
    this.#unsubscribe();
    this.clock.destroy();
    this.bell.destroy();
    this.notes.destroy();
    this.#source.destroy();
  }

  #project(): Projected {
    const { outbox, canProject } = this.#source;
    const state = withVisited(this.#source.state, this.#visited);
    return project(state, canProject ? outbox : [], this.userId, this.#source.serverNow());
  }

  #refresh(): void {
    const source = this.#source;
    this.status = source.status;
    this.storage = source.storage;
    this.hasContent = source.hasContent;
    this.canProject = source.canProject;
    this.name = boardNameFromDocument(source.document);
    this.#projected = this.#project();
    const { state } = this.#projected;
    const { teams, workflows } = state;
    this.ground.update({
      teams,
      workflows,
      people: peopleFromDocument(source.document),
      ...figuresFromDocument(source.document),
    });
    this.cards.showTeams(this.ground.teamsInOrder);
    for (const lane of this.cards.lanes) lane.heldCount = state.heldCounts.get(lane.teamId) ?? 0;
    this.cards.show(this.#items(), this.#visited?.id);
    this.#markCards();
    this.#markVisitors();
    this.clock.follow();
  }

  *#items(): Generator<Item> {
    const changed = this.#projected.state.changedItems();
    const inDocument = new Set<ItemId>();
    for (const item of itemsFromDocument(this.#source.document)) {
      if (changed.has(item.id)) inDocument.add(item.id);
      yield changed.get(item.id) ?? item;
    }
    for (const [id, item] of changed) if (!inDocument.has(id)) yield item;
    const visited = this.#visited;
    if (visited && !changed.has(visited.id) && !this.#source.state.items.has(visited.id)) yield visited;
  }

  /** Pending, doubtful and refused marks: only of the cards that have one now, or had one before. */
  #markCards(): void {
    const { outbox } = this.#source;
    const { pendingByItem, localRefusals } = this.#projected;
    const refused = outbox.filter(({ state }) => state.kind === 'refused');
    const written = this.#source.unsentItems.late;
    this.unsent = unsentOf(outbox, written, this.storage);
    if (refused.length > 0 || this.refused.length > 0) this.refused = refused;
    this.#tellNewRefusals(refused);
    const commented = outbox.filter(({ command }) => command.type === 'addComment');
    const marked = new Set<ItemId>([
      ...pendingByItem.keys(),
      ...refused.map(({ command }) => command.itemId),
      ...commented.map(({ command }) => command.itemId),
      ...written,
    ]);
    for (const id of this.#markedIds.union(marked)) {
      const card = this.cards.byId.get(id);
      if (!card) continue;
      const pending = pendingByItem.get(id) ?? NO_IDS;
      const doubtful = pending.find((commandId) => localRefusals.has(commandId));
      card.pending = pending;
      card.isTextUnsent = written.has(id);
      // Entries that are only projected stand past the log; a comment that waits leaves responsibility where it is.
      card.isMoveUnsent = pending.length > 0 && card.item.responsibility.seq > this.#source.state.seq;
      card.awaiting = doubtful === undefined ? null : (localRefusals.get(doubtful) ?? null);
      card.refused = refused.filter(({ command }) => command.itemId === id);
      const comments = commented.filter(({ command }) => command.itemId === id);
      if (comments.length > 0 || card.comments.length > 0)
        card.comments = ownComments(card.comments, comments);
    }
    this.#markedIds = marked;
  }

  /** Those that were there when the page opened are shown, but are no news. */
  #tellNewRefusals(refused: readonly OutboxEntry[]): void {
    const told = this.#toldRefusals;
    this.#toldRefusals = new Set(refused.map(({ command }) => command.id));
    if (told === null) return;
    for (const { command, state } of refused) {
      if (told.has(command.id) || state.kind !== 'refused') continue;
      const item = this.#projected.state.items.get(command.itemId) ?? null;
      this.notes.tell({ kind: 'refused', item, refusal: state.refusal });
    }
  }

  #markVisitors(): void {
    const people = this.#source.people();
    if (people === this.people) return;
    this.people = people;
    const others = people.filter(({ isMe }) => !isMe);
    const visited = new Set(
      others.flatMap(({ lookingAt, dragging, writing }) => [
        ...lookingAt,
        ...dragging,
        ...writing.map(({ itemId }) => itemId),
      ]),
    );
    for (const id of this.#visitedIds.union(visited)) {
      const card = this.cards.byId.get(id);
      if (!card) continue;
      card.visitors = others.filter(({ lookingAt }) => lookingAt.includes(id));
      card.draggedBy = others.find(({ dragging }) => dragging.includes(id)) ?? null;
      card.writers = others.flatMap(({ userId, name, writing }) =>
        writing.filter(({ itemId }) => itemId === id).map(({ field }) => ({ userId, name, field })),
      );
    }
    this.#visitedIds = visited;
  }

  #actGround() {
    const source = this.#source;
    const projected = () => this.#projected;
    return {
      userId: this.userId,
      get state() {
        return projected().state;
      },
      get canDecide() {
        return source.canProject;
      },
      nowMs: () => source.serverNow(),
      pendingOn: (itemId: ItemId) => {
        const { pendingByItem, localRefusals } = projected();
        const ids = new Set((pendingByItem.get(itemId) ?? []).filter((id) => !localRefusals.has(id)));
        return source.outbox.filter(({ command }) => ids.has(command.id));
      },
      lastOrder: (teamId: TeamId) =>
        this.cards.lane(teamId)?.columns.working.cards.at(-1)?.item.order ?? null,
      dispatch: (command: OutboxEntry['command']) => source.dispatch(command),
      tell: this.notes.tell.bind(this.notes),
    };
  }
}

const NO_IDS: readonly CommandId[] = [];
