import type { TeamId } from '#lib/workflow/ids.ts';
import { nextMove } from '#lib/workflow/responsibility.ts';
import type { Item, WaitingOn } from '#lib/workflow/state.ts';
import { formatDay, formatMoment } from './durations.ts';
import type { Names } from './names.ts';
import { capital, stopped } from './sentences.ts';

/** Who has the item and who moves next, in one or two plain sentences: the question nobody should have to ask. */
export function responsibilitySentence(item: Item, names: Names, nowMs: number): string {
  const move = nextMove(item);
  switch (move.kind) {
    case 'accept': {
      const who = answererWords(names, move.teamId, move.needsLead);
      const next = `${capital(who)} moves next, and accepts it or returns it.`;
      return move.teamId === move.accountableTeamId
        ? next
        : `${next} Until then ${names.team(move.accountableTeamId)} answers for it.`;
    }
    case 'work': {
      const team = names.team(move.teamId);
      const has =
        move.ownerId === null ? `${team} has it, unclaimed` : holderWords(names, move.ownerId, team);
      if (move.isReturned) return `It came back to ${team}. ${mendWords(names, move.ownerId, team)}`;
      return move.ownerId === null ? `${has}. Somebody of ${team} claims it next.` : stopped(has);
    }
    case 'wait': {
      const until = move.until === null ? '' : `, until ${formatDay(move.until, nowMs)}`;
      const who = move.ownerId === null ? names.team(move.teamId) : names.person(move.ownerId);
      const verb = who === 'you' ? 'are' : 'is';
      return stopped(capital(`${who} ${verb} ${waitingWords(move.on, move.what)}${until}`));
    }
    case 'closed':
      return closedWords(item, names, nowMs);
  }
}

/** The same of an own change that has not reached the server: it must not sound as if it had happened. */
export function unsentSentence(item: Item, names: Names, nowMs: number): string {
  return `Not sent yet, so nobody else knows. Once it is sent: ${responsibilitySentence(item, names, nowMs)}`;
}

function answererWords(names: Names, teamId: TeamId, needsLead: boolean): string {
  const team = names.team(teamId);
  if (needsLead) return `a lead of ${team}`;
  return names.isOurs(teamId) ? `you or somebody of ${team}` : team;
}

function holderWords(names: Names, ownerId: NonNullable<Item['ownerId']>, team: string): string {
  return ownerId === names.me
    ? `You have it for ${team}, and move next`
    : `${names.person(ownerId)} of ${team} has it and moves next`;
}

function mendWords(names: Names, ownerId: Item['ownerId'], team: string): string {
  if (ownerId === null) return `Somebody of ${team} mends it and offers it again.`;
  return ownerId === names.me
    ? 'You mend it and offer it again.'
    : `${names.person(ownerId)} mends it and offers it again.`;
}

function closedWords(item: Item, names: Names, nowMs: number): string {
  if (item.closed === null) return '';
  const { kind, by, at, reason } = item.closed;
  const what = kind === 'completed' ? 'completed' : 'cancelled';
  const sentence = `${capital(names.person(by))} ${what} it ${formatMoment(at, nowMs)}`;
  return reason === '' ? `${sentence}. Nobody has to move.` : stopped(`${sentence}: ${reason}`);
}

/** `waiting on the customer: a signed copy`. */
export function waitingWords(on: WaitingOn, what: string): string {
  const whom =
    on === 'date' ? 'waiting for a date' : on === 'other' ? 'waiting' : `waiting on ${waitingOnName(on)}`;
  return what === '' ? whom : `${whom}: ${what}`;
}

export function waitingOnName(on: WaitingOn): string {
  const words: Readonly<Record<WaitingOn, string>> = {
    customer: 'the customer',
    supplier: 'a supplier',
    person: 'a person',
    team: 'another team',
    date: 'a date',
    other: 'something else',
  };
  return words[on];
}
