import * as Y from 'yjs';
import { TITLE_KEY, type WorkflowVersion } from '#lib/workflow/definition.ts';
import type { Entry } from '#lib/workflow/events.ts';
import { factOf } from '#lib/workflow/facts.ts';
import { findStep, seamsFrom, workflowOf } from '#lib/workflow/graph.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { stallAhead, type StallGround } from '#lib/workflow/stall.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import { BOARD_LAYOUT, type Person } from './document.ts';
import { heldItems, touchedItems } from './projection.ts';
import { wallRoots, type WallFact, type WallItem, type WallRoots } from './wall-document.ts';

type People = ReadonlyMap<UserId, Pick<Person, 'name'>>;

/** What a wall is made of. */
export interface WallGround {
  readonly state: BoardState;
  readonly people: People;
  readonly stalls: StallGround;
}

/** A new wall document, under a new epoch: its own Yjs client id. */
export function createWallDocument(name: string, ground: WallGround): Y.Doc {
  const { state } = ground;
  const doc = new Y.Doc({ gc: true });
  const roots = wallRoots(doc);
  doc.transact(() => {
    roots.meta.set('layout', BOARD_LAYOUT);
    roots.meta.set('epoch', doc.clientID);
    roots.meta.set('seq', state.seq);
    roots.board.set('name', name);
    for (const team of state.teams.values()) {
      const { id, name, color, position } = team;
      roots.teams.set(id, { id, name, color, position });
    }
    for (const item of heldItems(state)) writeItem(roots, item, ground);
  });
  return doc;
}

/** Brings the wall to the state's seq in one transaction: `state` has evolved through `entries` already. */
export function applyToWall(doc: Y.Doc, ground: WallGround, entries: readonly Entry[]): void {
  const { state } = ground;
  const roots = wallRoots(doc);
  doc.transact(() => {
    for (const itemId of touchedItems(entries)) {
      const item = state.items.get(itemId);
      if (item) writeItem(roots, item, ground);
    }
    if (roots.meta.get('seq') !== state.seq) roots.meta.set('seq', state.seq);
  });
}

/** Writes anew from when on each item is stalled, after what is usual has changed. */
export function refreshWall(doc: Y.Doc, ground: WallGround): void {
  const roots = wallRoots(doc);
  doc.transact(() => {
    for (const itemId of [...roots.items.keys()]) {
      const item = ground.state.items.get(itemId as ItemId);
      if (item) writeItem(roots, item, ground);
    }
  });
}

/** Writes names that were not known yet when an item came to its owner. */
export function nameOnWall(doc: Y.Doc, ground: WallGround): void {
  const roots = wallRoots(doc);
  doc.transact(() => {
    for (const [itemId, shown] of roots.items) {
      if (shown.owner !== '') continue;
      const item = ground.state.items.get(itemId as ItemId);
      if (item) writeItem(roots, item, ground);
    }
  });
}

/** What is not shown on a wall, a comment for one, writes nothing: an unchanged row would still cost every screen. */
function writeItem(roots: WallRoots, item: Item, ground: WallGround): void {
  const shown = wallItemOf(item, ground);
  if (shown === null) {
    if (roots.items.has(item.id)) roots.items.delete(item.id);
    return;
  }
  if (JSON.stringify(roots.items.get(item.id)) !== JSON.stringify(shown)) roots.items.set(item.id, shown);
}

/** Null: it is closed, and leaves the wall. */
function wallItemOf(item: Item, { state, people, stalls }: WallGround): WallItem | null {
  const workflow = workflowOf(state, item);
  const stall = stallAhead(item, workflow, stalls);
  if (stall === null) return null;
  const { handoff, key, holderTeamId, ownerId, heldSince, order, number } = item;
  return {
    key,
    title: String(factOf(item.facts, TITLE_KEY) ?? ''),
    facts: shownFacts(item, workflow, people),
    step: findStep(workflow, item.stepId)?.name ?? '',
    holderTeamId,
    owner: ownerId === null ? null : (people.get(ownerId)?.name ?? ''),
    since: stall.sinceMs,
    heldSince,
    next: nextOf(item, workflow, state),
    handoff: handoff && {
      fromTeamId: handoff.fromTeamId,
      toTeamId: handoff.toTeamId,
      offeredAt: handoff.offeredAt,
    },
    isWaiting: item.waiting !== null,
    isReturned: item.returned !== null,
    stalledFrom: stall.fromMs,
    order,
    number,
  };
}

function shownFacts(item: Item, workflow: WorkflowVersion, people: People): WallFact[] {
  return workflow.fields.flatMap(({ key, label, type, showsOnWall }) => {
    const value = showsOnWall === true ? factOf(item.facts, key) : undefined;
    if (value === undefined || value === '') return [];
    const name = type === 'person' ? people.get(value as UserId)?.name : undefined;
    return type === 'person' && name === undefined ? [] : [{ label, type, value: name ?? value }];
  });
}

function nextOf(item: Item, workflow: WorkflowVersion, state: BoardState): string[] {
  const names = seamsFrom(workflow, item.stepId).flatMap(({ toStepId }) => {
    const step = findStep(workflow, toStepId);
    if (!step) return [];
    const team = state.teams.get(step.teamId);
    return [step.teamId === item.holderTeamId ? step.name : (team?.name ?? step.name)];
  });
  return [...new Set(names)];
}
