import type { Entry, Event } from './events.ts';
import type { ItemId, TeamId } from './ids.ts';
import { evolvePast, pastBoard, type PastStart } from './past.ts';
import type { Handoff, Item } from './state.ts';
import { upcast } from './upcast.ts';

/** What a team is told of when a shift is handed over, in the order in which it is counted up. */
export const SHIFT_KINDS = [
  'arrived',
  'accepted',
  'offered',
  'handedOn',
  'returned',
  'cameBack',
  'completed',
  'cancelled',
  'reopened',
  'waiting',
  'stalled',
] as const;
export type ShiftKind = (typeof SHIFT_KINDS)[number];

/** What happened to one item in the span, as far as it concerns the team. */
export interface ShiftItem {
  /** As it was at the end of the span. */
  readonly item: Item;
  readonly kinds: ReadonlySet<ShiftKind>;
  /** The entries that concern the team, oldest first; none where it only stalled. */
  readonly entries: readonly Entry[];
  /** When it stalled in the span, the last time; null: it did not. */
  readonly stalledAt: number | null;
  /** When the last of all that happened. */
  readonly lastAt: number;
}

export interface Shift {
  /** What happened last stands first. */
  readonly items: readonly ShiftItem[];
  /** Open at the end of the span and held by the team or offered to it, by number. */
  readonly open: readonly Item[];
}

export interface ShiftQuestion {
  readonly start: PastStart;
  readonly entries: readonly Entry[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Whose shift it is; null: everybody's. */
  readonly teamId: TeamId | null;
  /** From when on an item is stalled if nobody moves it; null: never. */
  readonly stalledFromMs: (item: Item) => number | null;
}

/** What changed on a board between two moments, for one team or for everybody. */
export function shiftOf(question: ShiftQuestion): Shift {
  const { start, fromMs, toMs, teamId } = question;
  const state = pastBoard(start);
  const stories = new Map<ItemId, Story>();
  for (const item of start.items) stories.set(item.id, newStory(item, fromMs, question));
  for (const entry of question.entries) {
    const itemId = evolvePast(state, entry);
    const after = itemId === null ? undefined : state.items.get(itemId);
    if (after === undefined) continue;
    const story = stories.get(after.id) ?? newStory(after, entry.at, question);
    stories.set(after.id, story);
    tell(story, { entry, after, question });
  }
  const told = [...stories.values()];
  for (const story of told) watchStall(story, toMs, question);
  return {
    items: told.filter(({ lastAt }) => lastAt > 0).sort(byLast),
    open: told
      .map(({ item }) => item)
      .filter((item) => item.closed === null && concerns(item, teamId))
      .sort((one, other) => one.number - other.number),
  };
}

interface Story {
  item: Item;
  /** Since when, within the span, it is as it is. */
  sinceMs: number;
  isStalled: boolean;
  stalledAt: number | null;
  lastAt: number;
  readonly kinds: Set<ShiftKind>;
  readonly entries: Entry[];
}

function newStory(item: Item, sinceMs: number, { stalledFromMs }: ShiftQuestion): Story {
  const stalledFrom = stalledFromMs(item);
  const isStalled = stalledFrom !== null && stalledFrom < sinceMs;
  return { item, sinceMs, isStalled, stalledAt: null, lastAt: 0, kinds: new Set(), entries: [] };
}

function byLast(one: Story, other: Story): number {
  return other.lastAt - one.lastAt || one.item.number - other.item.number;
}

function tell(
  story: Story,
  { entry, after, question }: { entry: Entry; after: Item; question: ShiftQuestion },
): void {
  const { teamId } = question;
  const before = story.item;
  watchStall(story, entry.at, question);
  story.item = after;
  story.sinceMs = entry.at;
  if (isQuiet(entry) || !(concerns(before, teamId) || concerns(after, teamId))) return;
  story.entries.push(entry);
  story.lastAt = entry.at;
  const kind = kindOf(entry, { before, after, teamId });
  if (kind !== null) story.kinds.add(kind);
}

/** Whether it stalled while it was as it is, until this moment. */
function watchStall(story: Story, untilMs: number, { stalledFromMs, teamId }: ShiftQuestion): void {
  const stalledFrom = stalledFromMs(story.item);
  // It stays stalled through a comment; a clock that began anew can run out anew.
  const wasStalled = story.isStalled && stalledFrom !== null && stalledFrom <= story.sinceMs;
  story.isStalled = stalledFrom !== null && stalledFrom < untilMs;
  if (stalledFrom === null || !story.isStalled || wasStalled || !concerns(story.item, teamId)) return;
  // A change may leave it stalled at once: a pause that ends after the limit has passed.
  story.stalledAt = Math.max(stalledFrom, story.sinceMs);
  story.lastAt = story.stalledAt;
  story.kinds.add('stalled');
}

const QUIET: ReadonlySet<Event['type']> = new Set(['itemOrdered', 'checklistCounted']);

/** Where a card lies within its column, and what the server counts up, is nobody's news. */
function isQuiet({ events }: Entry): boolean {
  return events.every(({ type }) => QUIET.has(type));
}

function concerns({ holderTeamId, handoff }: Item, teamId: TeamId | null): boolean {
  return teamId === null || holderTeamId === teamId || handoff?.toTeamId === teamId;
}

interface Change {
  readonly before: Item;
  readonly after: Item;
  readonly teamId: TeamId | null;
}

/** By the event that names the entry best, as in an item's history. */
function kindOf(entry: Entry, { before, after, teamId }: Change): ShiftKind | null {
  const events = upcast(entry);
  const main = events.find(({ type }) => type === 'handoffOffered') ?? events[0];
  const isOurs = teamId === null || after.holderTeamId === teamId;
  switch (main?.type) {
    case 'itemCreated':
      return isOurs ? 'arrived' : null;
    case 'handoffOffered':
      return offeredKind(main, events, teamId);
    case 'handoffAccepted':
      return before.handoff && acceptedKind(before.handoff, teamId);
    case 'handoffReturned':
      return teamId === null || before.handoff?.toTeamId === teamId ? 'returned' : 'cameBack';
    case 'waitingStarted':
      return isOurs ? 'waiting' : null;
    case 'itemCompleted':
      return isOurs ? 'completed' : null;
    case 'itemCancelled':
      return isOurs ? 'cancelled' : null;
    case 'itemReopened':
      return isOurs ? 'reopened' : null;
    default:
      return null;
  }
}

function offeredKind(
  { fromTeamId, toTeamId, route }: Extract<Event, { type: 'handoffOffered' }>,
  events: readonly Event[],
  teamId: TeamId | null,
): ShiftKind | null {
  if (fromTeamId === toTeamId) return null;
  const isToUs = toTeamId === teamId;
  if (route.kind === 'back') return isToUs ? 'cameBack' : 'returned';
  if (isToUs) return 'arrived';
  const isDone = events.some(({ type }) => type === 'handoffAccepted');
  return isDone ? 'handedOn' : 'offered';
}

/** What was sent back has been counted already when it was offered. */
function acceptedKind({ toTeamId, route }: Handoff, teamId: TeamId | null): ShiftKind | null {
  if (teamId === null || toTeamId === teamId) return 'accepted';
  return route.kind === 'back' ? null : 'handedOn';
}
