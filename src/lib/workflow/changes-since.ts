import type { Facts, FactValue } from './definition.ts';
import type { Entry, Event } from './events.ts';
import { factOf } from './facts.ts';
import { withGapsFilled, withRecorded } from './facts-over-time.ts';
import type { FieldKey, TeamId } from './ids.ts';
import { upcast } from './upcast.ts';

/** What has become of an item from when a team let it go the last time until the team has it again, or now. */
export interface ChangesSince {
  /** When that was, in milliseconds since 1970 by the server's clock. */
  readonly leftAt: number;
  readonly facts: readonly FactChange[];
  /** Comments written meanwhile, by anybody. */
  readonly comments: number;
  /** The other teams that have held it meanwhile, in their order, each once. */
  readonly teamIds: readonly TeamId[];
}

/** Null: there was none, or there is none any more. */
export interface FactChange {
  readonly key: FieldKey;
  readonly before: FactValue | null;
  readonly after: FactValue | null;
}

interface Story {
  facts: Facts;
  holder: TeamId | null;
  left: { readonly at: number; readonly facts: Facts } | null;
  /** The facts that it came back with; null: the team does not have it. What the team changes itself is no news to it. */
  back: Facts | null;
  comments: number;
  teamIds: TeamId[];
}

/** `entries`: the whole log of the item, oldest first. Null: the team has never let it go, so nothing is news to it. */
export function changesSince(entries: readonly Entry[], teamId: TeamId): ChangesSince | null {
  const story: Story = { facts: {}, holder: null, left: null, back: null, comments: 0, teamIds: [] };
  for (const entry of entries) for (const event of upcast(entry)) tell(story, event, entry.at, teamId);
  const { left, back, comments, teamIds } = story;
  if (left === null) return null;
  return { leftAt: left.at, facts: factChanges(left.facts, back ?? story.facts), comments, teamIds };
}

function tell(story: Story, event: Event, at: number, teamId: TeamId): void {
  switch (event.type) {
    case 'itemCreated':
      story.facts = event.facts;
      story.holder = event.teamId;
      return;
    case 'handoffOffered':
      story.facts = withGapsFilled(story.facts, event.facts);
      return;
    case 'factsRecorded':
      story.facts = withRecorded(story.facts, event.facts);
      return;
    case 'commentAdded':
      if (story.back === null) story.comments += 1;
      return;
    case 'handoffAccepted':
      takeOver(story, event.teamId, { at, from: teamId });
      return;
    default:
  }
}

function takeOver(story: Story, byTeamId: TeamId, { at, from }: { at: number; from: TeamId }): void {
  if (story.holder === from && byTeamId !== from) {
    story.left = { at, facts: story.facts };
    story.back = null;
    story.comments = 0;
    story.teamIds = [];
  }
  if (byTeamId === from && story.holder !== from) story.back = story.facts;
  story.holder = byTeamId;
  if (byTeamId !== from && !story.teamIds.includes(byTeamId)) story.teamIds.push(byTeamId);
}

function factChanges(before: Facts, after: Facts): FactChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const change = { before: factOf(before, key) ?? null, after: factOf(after, key) ?? null };
    return change.before === change.after ? [] : [{ key: key as FieldKey, ...change }];
  });
}
