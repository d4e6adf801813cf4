import { replaceItem } from './board-state.ts';
import { bouncesOf } from './bounces.ts';
import type { Entry, Event } from './events.ts';
import { withGapsFilled, withRecorded } from './facts-over-time.ts';
import { markOf, type ItemId } from './ids.ts';
import { INVERSE, withoutRelation, withRelation } from './relations.ts';
import {
  AWAY_MAX,
  LAST_COMMANDS_MAX,
  TRAIL_LENGTH_MAX,
  type Away,
  type BoardState,
  type Handoff,
  type Item,
  type ResponsibilityEventType,
  type TrailEntry,
} from './state.ts';
import { upcast } from './upcast.ts';

/**
 * Applies one entry of the log to the state, in place. It decides nothing: what is in the log has happened. The state
 * must stand just before the entry; anything else is a bug and throws before a change is made.
 */
export function evolve(state: BoardState, entry: Entry): void {
  if (entry.seq !== state.seq + 1) throw new Error(`Entry ${entry.seq} does not follow ${state.seq}.`);
  for (const event of upcast(entry)) applyEvent(state, event, entry);
  state.seq = entry.seq;
  state.verdicts.set(entry.commandId, { accepted: true, seq: entry.seq });
}

function applyEvent(state: BoardState, event: Event, entry: Entry): void {
  if (event.type === 'memberSet') {
    state.members.set(event.userId, {
      userId: event.userId,
      isAdmin: event.isAdmin,
      roles: { ...event.roles },
    });
    return;
  }
  if (event.type === 'itemCreated') {
    state.nextNumber = event.number + 1;
    replaceItem(state, createdItem(event, entry));
    return;
  }
  if (event.type === 'itemsLinked' || event.type === 'itemsUnlinked')
    return applyRelation(state, event, entry);
  const changed = changedItem(itemOf(state, event.itemId), event, entry);
  replaceItem(state, touched(changed, event, entry));
}

function itemOf(state: BoardState, itemId: ItemId): Item {
  const item = state.items.get(itemId);
  if (!item) throw new Error(`The log names item ${itemId} before its creation.`);
  return item;
}

function createdItem(event: Extract<Event, { type: 'itemCreated' }>, entry: Entry): Item {
  return {
    id: event.itemId,
    number: event.number,
    key: event.key,
    workflowId: event.workflowId,
    workflowVersion: event.workflowVersion,
    facts: { ...event.facts },
    stepId: event.stepId,
    holderTeamId: event.teamId,
    ownerId: null,
    handoff: null,
    returned: null,
    waiting: null,
    closed: null,
    trail: [],
    bounces: {},
    deviations: 0,
    order: event.order,
    createdAt: entry.at,
    heldSince: entry.at,
    commentCount: 0,
    seq: entry.seq,
    responsibility: { seq: entry.seq, by: entry.actorId, at: entry.at, event: event.type },
    lastCommands: [markOf(entry.commandId)],
  };
}

type ItemEvent = Exclude<Event, { type: 'memberSet' } | { type: 'itemCreated' }>;
type RelationEvent = Extract<Event, { type: 'itemsLinked' | 'itemsUnlinked' }>;

/** At both ends. What is made of one item's log alone has only one of them. */
function applyRelation(state: BoardState, event: RelationEvent, entry: Entry): void {
  const held = [event.itemId, event.otherId].flatMap((id) => state.items.get(id) ?? []);
  if (held.length === 0)
    throw new Error(`The log names items ${event.key}, ${event.otherKey} before creation.`);
  for (const item of held) replaceItem(state, touched(related(item, event), event, entry));
}

function related(item: Item, event: RelationEvent): Item {
  const isFrom = item.id === event.itemId;
  const [itemId, key] = isFrom ? [event.otherId, event.otherKey] : [event.itemId, event.key];
  if (event.type === 'itemsUnlinked') return withoutRelation(item, itemId);
  return withRelation(item, { kind: isFrom ? event.kind : INVERSE[event.kind], itemId, key });
}

function changedItem(item: Item, event: Exclude<ItemEvent, RelationEvent>, entry: Entry): Item {
  switch (event.type) {
    case 'itemClaimed':
    case 'ownerAssigned':
      return { ...item, ownerId: event.ownerId };
    case 'handoffOffered':
      return offered(item, event, entry);
    case 'handoffAccepted':
      return accepted(item, event, entry);
    case 'handoffReturned': {
      const handoff = openHandoff(item);
      const { reason } = event;
      const returned = {
        handoffId: handoff.id,
        route: handoff.route,
        byTeamId: handoff.toTeamId,
        by: entry.actorId,
        at: entry.at,
        reason,
      };
      return { ...cameBack(item, entry), returned };
    }
    case 'handoffWithdrawn':
      return withdrawn(cameBack(item, entry), openHandoff(item));
    case 'itemNudged': {
      const count = (item.nudged?.count ?? 0) + 1;
      return { ...item, nudged: { by: entry.actorId, at: entry.at, count } };
    }
    case 'waitingStarted': {
      const { on, what, until } = event;
      return { ...item, waiting: { on, what, until, since: entry.at, by: entry.actorId } };
    }
    case 'workResumed':
      return { ...item, waiting: null };
    case 'itemCompleted':
      return {
        ...item,
        waiting: null,
        closed: { kind: 'completed', at: entry.at, by: entry.actorId, reason: '' },
      };
    case 'itemCancelled':
      return {
        ...item,
        handoff: null,
        waiting: null,
        closed: { kind: 'cancelled', at: entry.at, by: entry.actorId, reason: event.reason },
      };
    case 'itemReopened':
      return { ...heldAnew(item, entry), closed: null, returned: null, ownerId: null };
    case 'itemOrdered':
      return { ...item, order: event.order };
    case 'commentAdded':
      return { ...item, commentCount: item.commentCount + 1 };
    case 'factsRecorded':
      return { ...item, facts: withRecorded(item.facts, event.facts) };
    case 'checklistCounted': {
      const { checklist: _earlier, ...rest } = item;
      return event.checklist.total > 0 ? { ...rest, checklist: event.checklist } : rest;
    }
  }
}

function offered(item: Item, event: Extract<Event, { type: 'handoffOffered' }>, entry: Entry): Item {
  const { route } = event;
  const handoff: Handoff = {
    id: event.handoffId,
    route,
    fromStepId: event.fromStepId,
    toStepId: event.toStepId,
    fromTeamId: event.fromTeamId,
    toTeamId: event.toTeamId,
    offeredBy: entry.actorId,
    offeredAt: entry.at,
    note: event.note,
    reason: event.reason,
    needsLead: event.needsLead,
    ...(item.returned && { after: item.returned }),
  };
  const isDeviation = route.kind === 'skip' || route.kind === 'detour';
  return {
    ...item,
    handoff,
    returned: null,
    // What was handed over fills gaps only: a newer value that the item already has is not undone by an older screen.
    facts: withGapsFilled(item.facts, event.facts),
    deviations: item.deviations + (isDeviation ? 1 : 0),
    bounces:
      route.kind === 'back' && route.seamId !== null
        ? { ...item.bounces, [route.seamId]: bouncesOf(item, route.seamId) + 1 }
        : item.bounces,
  };
}

/** The offer is over and its holder has it still. How long it lay with the team that was asked was not the holder's time. */
function cameBack(item: Item, entry: Entry): Item {
  const { offeredAt } = openHandoff(item);
  return { ...item, handoff: null, away: withAway(item.away ?? [], { offeredAt, backAt: entry.at }) };
}

/** One more. So that there are never too many, the two with the least time between them become one. */
function withAway(earlier: readonly Away[], last: Away): readonly Away[] {
  const away = [...earlier, last];
  if (away.length <= AWAY_MAX) return away;
  const between = away.slice(1).map(({ offeredAt }, index) => offeredAt - (away[index]?.backAt ?? 0));
  const at = between.indexOf(Math.min(...between));
  const [one = last, other = last] = away.slice(at, at + 2);
  return away.toSpliced(at, 2, { offeredAt: one.offeredAt, backAt: other.backAt });
}

/** It leaves no other mark: what the offer counted is taken off again, and what it answered stands as before. */
function withdrawn(given: Item, { route, after }: Handoff): Item {
  const item = { ...given, returned: after ?? null };
  switch (route.kind) {
    case 'seam':
      return item;
    case 'skip':
    case 'detour':
      return { ...item, deviations: item.deviations - 1 };
    case 'back': {
      const { [route.seamId ?? '']: counted = 0, ...others } = item.bounces;
      const bounces =
        route.seamId !== null && counted > 1 ? { ...others, [route.seamId]: counted - 1 } : others;
      return { ...item, bounces };
    }
  }
}

/** A new stay with its holder. */
function heldAnew({ away: _ended, ...item }: Item, entry: Entry): Item {
  return { ...item, heldSince: entry.at };
}

function accepted(item: Item, event: Extract<Event, { type: 'handoffAccepted' }>, entry: Entry): Item {
  const handoff = openHandoff(item);
  const left: TrailEntry = {
    stepId: item.stepId,
    teamId: item.holderTeamId,
    route: handoff.route,
    heldSince: item.heldSince,
    leftAt: entry.at,
  };
  return {
    ...heldAnew(item, entry),
    stepId: event.stepId,
    holderTeamId: event.teamId,
    ownerId: event.ownerId,
    order: event.order,
    handoff: null,
    // Sent back: it stands where it stood before it came, so the way it came is one step shorter.
    trail:
      handoff.route.kind === 'back'
        ? item.trail.slice(0, -1)
        : [...item.trail, left].slice(-TRAIL_LENGTH_MAX),
  };
}

function openHandoff(item: Item): Handoff {
  if (!item.handoff) throw new Error(`The log ends a handoff of ${item.key} that is not open.`);
  return item.handoff;
}

function touched(item: Item, event: ItemEvent, entry: Entry): Item {
  const { seq, at, actorId: by } = entry;
  const lastCommands = withCommand(item.lastCommands, event, entry.commandId);
  if (!changesResponsibility(event.type)) return { ...item, seq, lastCommands };
  // Whoever was nudged has moved.
  const { nudged: _answered, ...rest } = item;
  return { ...rest, seq, responsibility: { seq, by, at, event: event.type }, lastCommands };
}

const SIDE_EVENTS: ReadonlySet<ItemEvent['type']> = new Set<SideEventType>([
  'itemOrdered',
  'commentAdded',
  'factsRecorded',
  'checklistCounted',
  'itemsLinked',
  'itemsUnlinked',
  'itemNudged',
]);

type SideEventType = Exclude<ItemEvent['type'], ResponsibilityEventType>;

function changesResponsibility(
  type: ItemEvent['type'],
): type is Exclude<ResponsibilityEventType, 'itemCreated'> {
  return !SIDE_EVENTS.has(type);
}

const RECORDING_EVENTS: ReadonlySet<ItemEvent['type']> = new Set<SideEventType>([
  'factsRecorded',
  'checklistCounted',
]);

/** No browser waits for a command that the server issued itself, so those do not push out the ones that are waited for. */
function withCommand(
  marks: Item['lastCommands'],
  event: ItemEvent,
  commandId: Entry['commandId'],
): Item['lastCommands'] {
  const mark = markOf(commandId);
  if (RECORDING_EVENTS.has(event.type) || marks.includes(mark)) return marks;
  return [...marks, mark].slice(-LAST_COMMANDS_MAX);
}
