import * as Y from 'yjs';
import { itemIdsOf, type Entry, type Event } from '#lib/workflow/events.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { BoardState, Item, Member } from '#lib/workflow/state.ts';
import { workflowKey } from '#lib/workflow/state.ts';
import { upcast } from '#lib/workflow/upcast.ts';
import type { StallFigures } from '#lib/workflow/stall.ts';
import { isSameUsual } from '#lib/workflow/usual.ts';
import { isSameWorkingTime } from '#lib/workflow/working-time.ts';
import { BOARD_LAYOUT, boardRoots, type BoardRoots, type Person } from './document.ts';

/** A board as its room opens it from rows. `items`: those the document shall hold; else all that the state holds. */
export interface BoardRows {
  readonly state: BoardState;
  readonly board: { readonly name: string };
  readonly people: readonly { readonly id: UserId; readonly name: string }[];
  readonly items?: Iterable<Item>;
  /** What is usual, and when the teams work; left out: nothing is known of either. */
  readonly figures?: StallFigures;
}

/** A new board document, under a new epoch: its own Yjs client id. */
export function createBoardDocument(rows: BoardRows): Y.Doc {
  const doc = new Y.Doc({ gc: true });
  const roots = boardRoots(doc);
  const { state } = rows;
  doc.transact(() => {
    roots.meta.set('layout', BOARD_LAYOUT);
    roots.meta.set('epoch', doc.clientID);
    roots.board.set('name', rows.board.name);
    for (const team of state.teams.values()) roots.teams.set(team.id, team);
    for (const workflow of state.workflows.values()) {
      roots.workflows.set(workflowKey(workflow.id, workflow.version), workflow);
    }
    for (const { id, name } of rows.people) roots.people.set(id, personOf(id, name, state.members.get(id)));
    for (const item of rows.items ?? heldItems(state)) roots.items.set(item.id, item);
    if (rows.figures) writeFigures(doc, rows.figures);
    writeCounters(roots, state);
  });
  return doc;
}

/**
 * Brings the document from an earlier entry to the state's seq in one transaction: `state` has evolved through
 * `entries` already. Only what they touched is written. A person whom the document does not know yet has the empty name
 * until `namePerson`, because entries hold no names.
 */
export function applyEntries(doc: Y.Doc, state: BoardState, entries: readonly Entry[]): void {
  if (entries.length === 0) return;
  const roots = boardRoots(doc);
  doc.transact(() => {
    for (const itemId of touchedItems(entries)) {
      const item = state.items.get(itemId);
      if (item) roots.items.set(itemId, item);
    }
    for (const userId of touchedMembers(entries)) {
      const name = roots.people.get(userId)?.name ?? '';
      roots.people.set(userId, personOf(userId, name, state.members.get(userId)));
    }
    writeCounters(roots, state);
  });
}

/**
 * Writes what is usual now and when the teams work, as far as it differs; whether it does. It is no log entry, so `seq`
 * stays where it is.
 */
export function writeFigures(doc: Y.Doc, { usual, hours }: StallFigures): boolean {
  const roots = boardRoots(doc);
  return doc.transact(() => {
    const isOtherUsual = writeValues(roots.usual, usual, isSameUsual);
    const areOtherHours = writeValues(roots.hours, hours, isSameWorkingTime);
    return isOtherUsual || areOtherHours;
  });
}

function writeValues<Value>(
  known: Y.Map<Value>,
  wanted: ReadonlyMap<string, Value>,
  isSame: (one: Value | undefined, other: Value) => boolean,
): boolean {
  const changed = [...wanted].filter(([key, value]) => !isSame(known.get(key), value));
  const gone = [...known.keys()].filter((key) => !wanted.has(key));
  for (const [key, value] of changed) known.set(key, value);
  for (const key of gone) known.delete(key);
  return changed.length > 0 || gone.length > 0;
}

/** Writes the name of somebody who is on the board. */
export function namePerson(doc: Y.Doc, userId: UserId, name: string): void {
  const { people } = boardRoots(doc);
  const person = people.get(userId);
  if (person && person.name !== name) people.set(userId, { ...person, name });
}

/** Takes items that were closed before `cutoffMs` off the document; says how many. */
export function dropClosedBefore(doc: Y.Doc, cutoffMs: number): number {
  const { items } = boardRoots(doc);
  const old = [...items.values()].filter((item) => item.closed !== null && item.closed.at < cutoffMs);
  if (old.length > 0) doc.transact(() => old.forEach((item) => items.delete(item.id)));
  return old.length;
}

/** People whom these entries bring onto the board. */
export function touchedMembers(entries: readonly Entry[]): ReadonlySet<UserId> {
  const ids = new Set<UserId>();
  for (const event of eventsOf(entries)) if (event.type === 'memberSet') ids.add(event.userId);
  return ids;
}

/** A state loaded from rows holds exactly what its document shall show, and can be walked through. */
export function heldItems({ items }: BoardState): Iterable<Item> {
  if (!(items instanceof Map)) throw new Error('Only a loaded state can be walked through.');
  return (items as Map<ItemId, Item>).values();
}

/** Items that these entries touch in any way. */
export function touchedItems(entries: readonly Entry[]): ReadonlySet<ItemId> {
  const ids = new Set<ItemId>();
  for (const event of eventsOf(entries)) for (const itemId of itemIdsOf(event)) ids.add(itemId);
  return ids;
}

function* eventsOf(entries: readonly Entry[]): Iterable<Event> {
  for (const entry of entries) yield* upcast(entry);
}

function personOf(id: UserId, name: string, member: Member | undefined): Person {
  return { id, name, isAdmin: member?.isAdmin ?? false, roles: member?.roles ?? {} };
}

/** Writes a number only where it differs: an unchanged one would still cost every browser a struct. */
function writeCounters(roots: BoardRoots, state: BoardState): void {
  for (const teamId of state.teams.keys())
    setIfOther(roots.counts, teamId, state.heldCounts.get(teamId) ?? 0);
  setIfOther(roots.meta, 'nextNumber', state.nextNumber);
  setIfOther(roots.meta, 'seq', state.seq);
}

function setIfOther(map: Y.Map<number>, key: string, value: number): void {
  if (map.get(key) !== value) map.set(key, value);
}
