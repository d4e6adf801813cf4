import type { About, NotificationKind } from '#lib/protocol/api.ts';
import type { Entry, Event } from '#lib/workflow/events.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { OnTheWay } from '#lib/workflow/limit-mark.ts';
import type { Item } from '#lib/workflow/state.ts';
import type { Audience } from './audience.ts';

/** What one person is told of an item. */
export interface News {
  readonly userId: UserId;
  readonly kind: NotificationKind;
  readonly about: About;
  /** The same for the same happening, so that it is told once. */
  readonly key: string;
  readonly at: number;
}

export interface NewsOfItem {
  /** As it is now, which may be later than the entries. */
  readonly item: Item;
  /** Those that touched it, in order. */
  readonly entries: readonly Entry[];
  readonly audience: Audience;
  /** By the seq of a return: who had handed the item on before it. */
  readonly handedOnBy: ReadonlyMap<number, UserId>;
  readonly watchers: readonly UserId[];
}

/** Whether anybody may have to be told of it; what cannot be news need not be looked into. */
export function mayBeNews({ events, actorId }: Entry): boolean {
  return events.some((event) => {
    switch (event.type) {
      case 'ownerAssigned':
        return event.ownerId !== null && event.ownerId !== actorId;
      case 'handoffOffered':
      case 'handoffAccepted':
      case 'handoffReturned':
      case 'itemNudged':
      case 'itemCompleted':
      case 'itemCancelled':
      case 'itemReopened':
        return true;
      default:
        return false;
    }
  });
}

/**
 * What these entries mean for people: at most one thing for each, the last one. What the item has moved on from is not
 * told any more, and nobody is told of what they did themselves.
 */
export function newsOfEntries({ item, entries, audience, handedOnBy, watchers }: NewsOfItem): News[] {
  const byPerson = new Map<UserId, News>();
  for (const entry of entries) {
    const { actorId, seq, at } = entry;
    const tell = (people: readonly UserId[], kind: NotificationKind, about: About) => {
      for (const userId of people) {
        // What somebody has to do is not pushed aside by what they only look on at.
        const isLesser = kind === 'watched' && (byPerson.get(userId)?.kind ?? 'watched') !== 'watched';
        if (userId === actorId || isLesser) continue;
        byPerson.set(userId, { userId, kind, about, key: `${item.id}:${seq}`, at });
      }
    };
    for (const event of entry.events) {
      if (!('itemId' in event) || event.itemId !== item.id) continue;
      const asked = whoIsAsked(event, { item, entry, audience, handedOnBy });
      if (asked) tell(asked.people, asked.kind, asked.about);
      const watched = whatWatchersHear(event, entry);
      if (watched)
        tell(
          watchers.filter((userId) => audience.has(userId)),
          'watched',
          watched,
        );
    }
  }
  return [...byPerson.values()];
}

interface Asked {
  readonly people: readonly UserId[];
  readonly kind: NotificationKind;
  readonly about: About;
}

/** Null: nobody. A nudge does not move the item on, so it is told as long as nothing else has. */
function whoIsAsked(
  event: Event,
  happened: Pick<NewsOfItem, 'item' | 'audience' | 'handedOnBy'> & { readonly entry: Entry },
): Asked | null {
  const { item, audience, handedOnBy, entry } = happened;
  const { actorId: by, seq } = entry;
  const hasMovedOn = item.responsibility.seq > seq && !isStillOpen(event, entry, item);
  if (item.closed !== null || hasMovedOn) return null;
  const earlier = handedOnBy.get(seq) ?? null;
  switch (event.type) {
    case 'handoffOffered': {
      // Accepted in the same decision: what is told then is that it arrived.
      if (item.handoff === null) return null;
      const leads = event.needsLead ? audience.leads(event.toTeamId) : null;
      if (event.route.kind !== 'back') {
        const people = leads ?? audience.team(event.toTeamId);
        return { people, kind: 'act', about: { type: 'offered', by } };
      }
      const people = leads ?? audience.personAndLeads([earlier], event.toTeamId);
      return { people, kind: 'cameBack', about: { type: 'sentBack', by, reason: event.reason } };
    }
    case 'handoffAccepted':
      return event.isAutomatic && cameFromElsewhere(entry) && item.ownerId === null
        ? { people: audience.team(event.teamId), kind: 'act', about: { type: 'arrived', by } }
        : null;
    case 'handoffReturned': {
      const people = audience.personAndLeads([item.ownerId, earlier], item.holderTeamId);
      return { people, kind: 'cameBack', about: { type: 'returned', by, reason: event.reason } };
    }
    case 'ownerAssigned':
      return event.ownerId !== null && audience.has(event.ownerId)
        ? { people: [event.ownerId], kind: 'act', about: { type: 'assigned', by } }
        : null;
    case 'itemReopened':
      return { people: audience.team(item.holderTeamId), kind: 'act', about: { type: 'arrived', by } };
    case 'itemNudged': {
      const people = audience.whoMoves(item)?.people ?? [];
      return { people, kind: 'act', about: { type: 'nudged', by } };
    }
    default:
      return null;
  }
}

/** Somebody else may have become the owner on the sending side: whoever is asked to accept still is. */
function isStillOpen(event: Event, { at }: Entry, { handoff }: Item): boolean {
  if (handoff === null) return false;
  return event.type === 'handoffOffered'
    ? event.handoffId === handoff.id
    : event.type === 'itemNudged' && at >= handoff.offeredAt;
}

/** A seam inside one team is no news to the team. */
function cameFromElsewhere({ events }: Entry): boolean {
  const offered = events.find((event) => event.type === 'handoffOffered');
  return offered !== undefined && offered.fromTeamId !== offered.toTeamId;
}

function whatWatchersHear(event: Event, { actorId: by }: Entry): About | null {
  switch (event.type) {
    case 'handoffAccepted':
      return { type: 'accepted', by };
    case 'handoffReturned':
      return { type: 'returned', by, reason: event.reason };
    case 'itemCompleted':
      return { type: 'completed', by };
    case 'itemCancelled':
      return { type: 'cancelled', by };
    default:
      return null;
  }
}

/**
 * Half-way to the limit whoever moves next hears of it. Past it so do the leads of their team, those who look on, and of
 * an open offer the sender, who answers for the item until it is accepted.
 */
export function newsOfLimit({
  item,
  way: { mark, sinceMs, fromMs },
  audience,
  watchers,
  nowMs,
}: {
  readonly item: Item;
  readonly way: OnTheWay;
  readonly audience: Audience;
  readonly watchers: readonly UserId[];
  readonly nowMs: number;
}): News[] {
  const moves = audience.whoMoves(item);
  if (moves === null || mark === null) return [];
  const people = new Set(moves.people);
  if (mark === 'past') {
    for (const userId of audience.leads(moves.teamId)) people.add(userId);
    for (const userId of watchers) if (audience.has(userId)) people.add(userId);
    if (item.handoff !== null) for (const userId of audience.senders(item)) people.add(userId);
  }
  const about: About = { type: mark === 'half' ? 'halfway' : 'stalled', from: fromMs };
  const key = `${item.id}:${mark}:${sinceMs}`;
  return [...people].map((userId) => ({ userId, kind: 'late', about, key, at: nowMs }));
}
