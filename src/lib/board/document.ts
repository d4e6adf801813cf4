import * as Y from 'yjs';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { BoardId, ItemId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { BoardState, Item, Lookup, Member, Role, Team, Verdict } from '#lib/workflow/state.ts';
import type { StallFigures, StallGround } from '#lib/workflow/stall.ts';
import type { ClockKey, Usual } from '#lib/workflow/usual.ts';
import type { WorkingTime } from '#lib/workflow/working-time.ts';

/**
 * The board document: flat Y.Maps of plain JSON values, written by the server alone. One value per item and not a
 * nested map, because nothing in it is ever edited by two people at once, and flat values load six times faster.
 */
export const BOARD_LAYOUT = 2;

export interface Person {
  readonly id: UserId;
  readonly name: string;
  readonly isAdmin: boolean;
  /** By team id; empty for somebody who has left the board and is still named by its items. */
  readonly roles: Readonly<Record<string, Role>>;
}

export interface BoardMeta {
  /** The last log entry that this document contains. */
  readonly seq: number;
  /** The Yjs client id of the server's document; 0 while nothing has been received. */
  readonly epoch: number;
  readonly layout: number;
  readonly nextNumber: number;
}

/** The roots of the document, typed. Asking for them creates nothing that would be sent. */
export interface BoardRoots {
  readonly meta: Y.Map<number>;
  readonly board: Y.Map<string>;
  readonly teams: Y.Map<Team>;
  readonly people: Y.Map<Person>;
  readonly workflows: Y.Map<WorkflowVersion>;
  readonly items: Y.Map<Item>;
  readonly counts: Y.Map<number>;
  /** By the key of the clock; a clock that has not run often enough yet is not in it. */
  readonly usual: Y.Map<Usual>;
  /** By team id; a team that works around the clock is not in it. */
  readonly hours: Y.Map<WorkingTime>;
}

export function boardRoots(doc: Y.Doc): BoardRoots {
  return {
    meta: doc.getMap('meta'),
    board: doc.getMap('board'),
    teams: doc.getMap('teams'),
    people: doc.getMap('people'),
    workflows: doc.getMap('workflows'),
    items: doc.getMap('items'),
    counts: doc.getMap('counts'),
    usual: doc.getMap('usual'),
    hours: doc.getMap('hours'),
  };
}

export function boardMeta(doc: Y.Doc): BoardMeta {
  const { meta } = boardRoots(doc);
  return {
    seq: meta.get('seq') ?? 0,
    epoch: meta.get('epoch') ?? 0,
    layout: meta.get('layout') ?? 0,
    nextNumber: meta.get('nextNumber') ?? 1,
  };
}

/** The name of the board; empty while nothing has been received. */
export function boardNameFromDocument(doc: Y.Doc): string {
  return boardRoots(doc).board.get('name') ?? '';
}

/** Everybody who is, or was, on the board, by user id. */
export function peopleFromDocument(doc: Y.Doc): ReadonlyMap<UserId, Person> {
  return new Map([...boardRoots(doc).people.values()].map((person) => [person.id, person]));
}

/** What is usual on this board, and when its teams work. */
export function figuresFromDocument(doc: Y.Doc): StallFigures {
  const { usual, hours } = boardRoots(doc);
  return {
    usual: new Map(usual.entries() as IterableIterator<[ClockKey, Usual]>),
    hours: new Map(hours.entries() as IterableIterator<[TeamId, WorkingTime]>),
  };
}

/** What says whether something is stalled; a later change of the document shows through. */
export function stallsFromDocument(doc: Y.Doc): StallGround {
  const { usual, hours } = boardRoots(doc);
  return { usual: (key) => usual.get(key), hours: (teamId) => hours.get(teamId) };
}

/** Every item the document holds: the open ones, and those closed lately. In no order. */
export function itemsFromDocument(doc: Y.Doc): IterableIterator<Item> {
  return boardRoots(doc).items.values();
}

/**
 * The document as the state that `decide` reads. Items, people and counts are read through to the document, so this
 * costs the same on a large board, and a later change of the document shows through: take it anew after each change,
 * and never evolve it, fork it.
 */
export function boardStateFromDocument(boardId: BoardId, doc: Y.Doc): BoardState {
  const { teams, workflows, people, items, counts } = boardRoots(doc);
  const { seq, nextNumber } = boardMeta(doc);
  return {
    boardId,
    seq,
    nextNumber,
    teams: new Map(teams.entries() as IterableIterator<[TeamId, Team]>),
    workflows: new Map(workflows.entries()),
    members: new ReadThrough<UserId, Person, Member>(people, memberOf),
    items: new ReadThrough<ItemId, Item, Item>(items, (item) => item),
    heldCounts: new ReadThrough<TeamId, number, number>(counts, (count) => count),
    verdicts: new Map<never, Verdict>(),
  };
}

/** What the rules see of a person: nothing is decided by a name. */
function memberOf(person: Person): Member {
  return { userId: person.id, isAdmin: person.isAdmin, roles: person.roles };
}

class ReadThrough<Key extends string, Stored, Value> implements Lookup<Key, Value> {
  readonly #map: Y.Map<Stored>;
  readonly #read: (stored: Stored) => Value;

  constructor(map: Y.Map<Stored>, read: (stored: Stored) => Value) {
    this.#map = map;
    this.#read = read;
  }

  get(key: Key): Value | undefined {
    const stored = this.#map.get(key);
    return stored === undefined ? undefined : this.#read(stored);
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  set(): never {
    throw new Error('The board document is written by the server alone: fork the state first.');
  }
}
