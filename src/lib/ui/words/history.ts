import type { Entry, Event } from '#lib/workflow/events.ts';
import type { FactValue } from '#lib/workflow/definition.ts';
import type { FieldKey, SeamId, UserId } from '#lib/workflow/ids.ts';
import type { Reason, Route } from '#lib/workflow/state.ts';
import { formatDay } from './durations.ts';
import { checklistWords } from './checklist.ts';
import { factWords } from './facts.ts';
import { LOCALE } from './locale.ts';
import type { Names } from './names.ts';
import { relationSentence } from './relations.ts';
import { waitingWords } from './responsibility.ts';
import { capital, listed } from './sentences.ts';

export type HistoryKind =
  | 'created'
  | 'owner'
  | 'offered'
  | 'accepted'
  | 'returned'
  | 'withdrawn'
  | 'nudged'
  | 'waiting'
  | 'resumed'
  | 'completed'
  | 'cancelled'
  | 'reopened'
  | 'comment'
  | 'checklist'
  | 'linked'
  | 'facts';

/** One accepted command as a line of the item's history. */
export interface HistoryLine {
  /** The seq of its (last) entry. */
  readonly seq: number;
  readonly kind: HistoryKind;
  readonly by: UserId;
  readonly at: number;
  /** `Bob returned it to Sales: wrong entity`; no full stop, no time. */
  readonly text: string;
  /** What a person wrote with it: a note, a comment; empty: nothing. */
  readonly quote: string;
}

/** Facts that one person fills in within this time, and what one ticks off, are told as one line. */
const FACTS_TOGETHER_MS = 10 * 60_000;

/** The history of an item, oldest first. Entries that change nothing a reader cares for (the order) leave no line. */
export function historyLines(entries: readonly Entry[], names: Names, nowMs: number): HistoryLine[] {
  const lines: HistoryLine[] = [];
  // The facts that the last line tells of, while more of them may be added to it.
  let open: FactsChange | null = null;
  for (const entry of entries) {
    const facts = recordedFacts(entry);
    if (facts === null) {
      const line = historyLine(entry, names, nowMs);
      if (line === null) continue;
      if (goesOnTicking(lines.at(-1), line)) lines.pop();
      lines.push(line);
      open = null;
      continue;
    }
    const more = goesOn(open, entry);
    if (more) lines.pop();
    open = {
      seq: entry.seq,
      by: entry.actorId,
      since: more?.since ?? entry.at,
      at: entry.at,
      facts: { ...more?.facts, ...facts },
    };
    lines.push(factsLine(open, names, nowMs));
  }
  return lines;
}

interface FactsChange {
  readonly seq: number;
  readonly by: UserId;
  readonly since: number;
  readonly at: number;
  readonly facts: Readonly<Record<string, FactValue | null>>;
}

/** What the entry adds to: the change before it, if the same person made it a moment ago; null: nothing. */
function goesOn(open: FactsChange | null, entry: Entry): FactsChange | null {
  if (open === null || open.by !== entry.actorId) return null;
  return entry.at - open.since <= FACTS_TOGETHER_MS ? open : null;
}

/** Of the same list by the same person: the later line says all. */
function goesOnTicking(last: HistoryLine | undefined, line: HistoryLine): boolean {
  if (last?.kind !== 'checklist' || line.kind !== 'checklist' || last.by !== line.by) return false;
  return line.at - last.at <= FACTS_TOGETHER_MS;
}

/** A count of the checklist that came along is no line of its own. */
function recordedFacts(entry: Entry): FactsChange['facts'] | null {
  const [first] = entry.events;
  return first?.type === 'factsRecorded' ? first.facts : null;
}

function factsLine(change: FactsChange, names: Names, nowMs: number): HistoryLine {
  const keys = Object.keys(change.facts) as FieldKey[];
  const only = keys.length === 1 ? keys[0] : undefined;
  const who = capital(names.person(change.by));
  const base = { seq: change.seq, kind: 'facts' as const, by: change.by, at: change.at, quote: '' };
  if (only !== undefined) {
    const value = change.facts[only] ?? null;
    const label = names.field(only);
    if (value === null || value === '') return { ...base, text: `${who} cleared ${label}` };
    const said = factWords(value, names.fieldOf(only), names, nowMs);
    const text = said.length > 60 ? `${who} filled in ${label}` : `${who} set ${label} to ${said}`;
    return { ...base, text };
  }
  return { ...base, text: `${who} filled in ${listed(keys.map((key) => names.field(key)))}` };
}

/** One entry as one line; null: nothing to tell. */
function historyLine(entry: Entry, names: Names, nowMs: number): HistoryLine | null {
  // The event that names the command best. An offer over an automatic seam also holds the acceptance, and one out of
  // waiting the resumption: both are told by the offer.
  const main = entry.events.find((event) => event.type === 'handoffOffered') ?? entry.events[0];
  if (!main) return null;
  const told = tell(main, entry, names, nowMs);
  if (told === null) return null;
  const { kind, words, quote = '' } = told;
  return {
    seq: entry.seq,
    kind,
    by: entry.actorId,
    at: entry.at,
    quote,
    text: `${capital(names.person(entry.actorId))} ${words}`,
  };
}

interface Told {
  readonly kind: HistoryKind;
  readonly words: string;
  readonly quote?: string;
}

function tell(event: Event, entry: Entry, names: Names, nowMs: number): Told | null {
  switch (event.type) {
    case 'itemCreated':
      return {
        kind: 'created',
        words: `created it in ${names.step(event.stepId)}, for ${names.team(event.teamId)}`,
      };
    case 'itemClaimed':
      return { kind: 'owner', words: 'claimed it' };
    case 'ownerAssigned':
      return { kind: 'owner', words: assignedWords(event.ownerId, entry.actorId, names) };
    case 'handoffOffered':
      return offeredWords(event, entry, names);
    case 'handoffAccepted':
      return {
        kind: 'accepted',
        words: `accepted it for ${names.team(event.teamId)}, in ${names.step(event.stepId)}`,
        quote: event.readBack ?? '',
      };
    case 'handoffReturned':
      return {
        kind: 'returned',
        words: `returned it${reasonWords(event.reason, null, names)}`,
        quote: event.reason.note,
      };
    case 'handoffWithdrawn':
      return { kind: 'withdrawn', words: 'withdrew the offer' };
    case 'itemNudged':
      return { kind: 'nudged', words: 'nudged whoever moves next' };
    case 'waitingStarted': {
      const until = event.until === null ? '' : `, until ${formatDay(event.until, nowMs)}`;
      return { kind: 'waiting', words: `began ${waitingWords(event.on, event.what)}${until}` };
    }
    case 'workResumed':
      return { kind: 'resumed', words: 'took it up again' };
    case 'itemCompleted':
      return { kind: 'completed', words: 'completed it' };
    case 'itemCancelled':
      return { kind: 'cancelled', words: 'cancelled it', quote: event.reason };
    case 'itemReopened':
      return { kind: 'reopened', words: 'reopened it', quote: event.reason };
    case 'commentAdded':
      return { kind: 'comment', words: 'wrote', quote: event.text };
    case 'checklistCounted':
      return { kind: 'checklist', words: `brought the checklist to ${checklistWords(event.checklist)}` };
    case 'itemsLinked':
      return {
        kind: 'linked',
        words: `noted that ${relationSentence(event.key, event.kind, event.otherKey)}`,
      };
    case 'itemsUnlinked':
      return { kind: 'linked', words: `removed the link between ${event.key} and ${event.otherKey}` };
    case 'factsRecorded':
    case 'itemOrdered':
    case 'memberSet':
      return null;
  }
}

function assignedWords(ownerId: UserId | null, actorId: UserId, names: Names): string {
  if (ownerId === null) return 'left it unclaimed';
  return ownerId === actorId ? 'took it on' : `gave it to ${names.person(ownerId)}`;
}

function offeredWords(event: Extract<Event, { type: 'handoffOffered' }>, entry: Entry, names: Names): Told {
  const step = names.step(event.toStepId);
  const team = names.team(event.toTeamId);
  const isDone = entry.events.some((other) => other.type === 'handoffAccepted');
  const quote = event.note !== '' ? event.note : (event.reason?.note ?? '');
  if (event.fromTeamId === event.toTeamId && isDone)
    return { kind: 'accepted', words: `moved it on to ${step}`, quote };
  const why = event.reason === null ? '' : reasonWords(event.reason, seamIdOf(event.route), names);
  const how: Readonly<Record<Route['kind'], string>> = {
    seam: isDone ? `handed it to ${team}, for ${step}` : `offered it to ${team}, for ${step}`,
    back: `sent it back to ${team}${why}`,
    skip: `offered it to ${team} ahead of its turn, for ${step}`,
    detour: `offered it to ${team} off the path, for ${step}`,
  };
  return { kind: event.route.kind === 'back' ? 'returned' : 'offered', words: how[event.route.kind], quote };
}

function seamIdOf(route: Route): SeamId | null {
  return route.kind === 'seam' || route.kind === 'back' ? route.seamId : null;
}

/** `: wrong entity (Company name, Contract value)`. */
function reasonWords(reason: Reason, seamId: SeamId | null, names: Names): string {
  const label =
    reason.reasonId === null
      ? null
      : (names.reason(seamId, reason.reasonId) ?? names.anyReason(reason.reasonId));
  const missing =
    reason.missing.length === 0 ? '' : ` (${listed(reason.missing.map((key) => names.field(key)))})`;
  if (label === null) return missing === '' ? '' : `, for want of${missing.replace(/[()]/g, '')}`;
  return `: ${label.charAt(0).toLocaleLowerCase(LOCALE)}${label.slice(1)}${missing}`;
}
