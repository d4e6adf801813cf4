import type { WorkflowVersion } from './definition.ts';
import type { BoardId, ItemId, TeamId } from './ids.ts';
import { workflowKey, type BoardState, type Item, type Lookup, type Member, type Team } from './state.ts';

/** A board before its first log entry. Teams and workflows are its fixed ground; all else comes from the log. */
export function emptyBoard(ground: {
  boardId: BoardId;
  teams: readonly Team[];
  workflows: readonly WorkflowVersion[];
  members?: readonly Member[];
}): BoardState {
  return {
    boardId: ground.boardId,
    seq: 0,
    nextNumber: 1,
    teams: new Map(ground.teams.map((team) => [team.id, team])),
    workflows: new Map(
      ground.workflows.map((workflow) => [workflowKey(workflow.id, workflow.version), workflow]),
    ),
    members: new Map((ground.members ?? []).map((member) => [member.userId, member])),
    items: new Map(),
    heldCounts: new Map(),
    verdicts: new Map(),
  };
}

/** Adds the current row of an item that the state does not hold yet, and counts it for its holder's limit. */
export function addItem(state: BoardState, item: Item): void {
  if (state.items.has(item.id)) return;
  state.items.set(item.id, item);
  if (item.closed === null) changeHeldCount(state, item.holderTeamId, 1);
}

/** Puts the new row of an item in place of its old one; the only way a row changes, so that the counts always agree. */
export function replaceItem(state: BoardState, next: Item): void {
  const previous = state.items.get(next.id);
  if (previous && previous.closed === null) changeHeldCount(state, previous.holderTeamId, -1);
  state.items.set(next.id, next);
  if (next.closed === null) changeHeldCount(state, next.holderTeamId, 1);
}

/** Lets go of items that were closed before this time: only the row and the log have them then. Says how many. */
export function forgetClosedBefore({ items }: BoardState, closedBeforeMs: number): number {
  if (!(items instanceof Map)) throw new Error('Only a state of its own can forget.');
  const before = items.size;
  for (const [itemId, { closed }] of items as Map<ItemId, Item>) {
    if (closed !== null && closed.at < closedBeforeMs) items.delete(itemId);
  }
  return before - items.size;
}

function changeHeldCount(state: BoardState, teamId: TeamId, by: number): void {
  state.heldCounts.set(teamId, (state.heldCounts.get(teamId) ?? 0) + by);
}

export interface BoardFork extends BoardState {
  /** The rows that this fork changed, as they are now. */
  changedItems(): ReadonlyMap<ItemId, Item>;
}

/** A state of its own that reads through to `base`. Costs nothing per item; `base` must not change while it lives. */
export function forkBoard(base: BoardState): BoardFork {
  const items = new ForkedLookup(base.items);
  return {
    boardId: base.boardId,
    seq: base.seq,
    nextNumber: base.nextNumber,
    teams: base.teams,
    workflows: base.workflows,
    members: new ForkedLookup(base.members),
    items,
    heldCounts: new ForkedLookup(base.heldCounts),
    verdicts: new ForkedLookup(base.verdicts),
    changedItems: () => items.changes,
  };
}

class ForkedLookup<Key, Value> implements Lookup<Key, Value> {
  readonly changes = new Map<Key, Value>();
  readonly #base: Lookup<Key, Value>;

  constructor(base: Lookup<Key, Value>) {
    this.#base = base;
  }

  get(key: Key): Value | undefined {
    return this.changes.has(key) ? this.changes.get(key) : this.#base.get(key);
  }

  set(key: Key, value: Value): void {
    this.changes.set(key, value);
  }

  has(key: Key): boolean {
    return this.changes.has(key) || this.#base.has(key);
  }
}
