import { formatDay } from './durations.ts';
import type { WaitingOn } from '#lib/workflow/state.ts';
import { askedWords } from './actions.ts';
import { waitingWords } from './responsibility.ts';
import { capital, counted } from './sentences.ts';

export const cardWords = {
  you: 'You',
  select: (itemKey: string) => `Select ${itemKey}`,
  checklist: (done: string) => `Checklist: ${done}`,
  comments: (count: number) => counted(count, 'comment'),
  /** Read out after the number. */
  commentsUnit: (count: number) => (count === 1 ? 'comment' : 'comments'),
  ready: (ready: number, needed: number) => `${ready}/${needed} ready`,
  readyHint: (ready: number, needed: number) => `What the next team needs: ${ready} of ${needed} filled in`,
  return: 'Return',
  returnOf: (itemKey: string) => `Return ${itemKey}`,
  accept: 'Accept',
  acceptOf: (itemKey: string) => `Accept ${itemKey}`,
  actOn: (action: string, itemKey: string) => `${action} ${itemKey}`,
  move: 'Move…',
  moveOf: (itemKey: string) => `Move ${itemKey}…`,
  more: (itemKey: string) => `More for ${itemKey}`,
} as const;

/** What is out of the ordinary with an item. `why` has no full stop; empty: nothing was said. */
export const markWords = {
  returnedBy: (team: string, why: string) => withWhy(`Returned by ${team}`, why),
  offeredAgain: (team: string, why: string) => withWhy(`Offered again after ${team} returned it`, why),
  note: (text: string) => `“${text}”`,
  sentBack: (why: string) => withWhy('Sent back', why),
  offPath: (why: string) => withWhy('Off the path', why),
  waiting: (on: WaitingOn, what: string, until: string | null, nowMs: number) =>
    until === null
      ? capital(waitingWords(on, what))
      : `${capital(waitingWords(on, what))}, until ${formatDay(until, nowMs)}`,
  refusedLabel: 'Not done',
  wasRefused: (commandType: string) => `${askedWords(commandType)} was refused.`,
  ok: 'OK',
  /** Read out after it. */
  okMeans: (itemKey: string) => `, dismiss this note on ${itemKey}`,
} as const;

function withWhy(what: string, why: string): string {
  return why === '' ? what : `${what}: ${why}`;
}
