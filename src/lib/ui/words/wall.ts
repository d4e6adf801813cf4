import type { WallTheme, WallView } from '#lib/protocol/api.ts';
import type { WallFact } from '#lib/board/wall-document.ts';
import { formatDay } from './durations.ts';
import { LOCALE } from './locale.ts';
import { marked } from './marked.ts';

/** What a wall's views are called, on the wall and where they are chosen. */
export function viewName(view: WallView): string {
  switch (view) {
    case 'owners':
      return 'Who has what now';
    case 'handoffs':
      return 'Between teams';
    case 'stalled':
      return 'Stalled';
  }
}

/** What an empty view says. */
export function nothingIn(view: WallView): string {
  switch (view) {
    case 'owners':
      return 'Nothing is open.';
    case 'handoffs':
      return 'Nothing is waiting to be accepted.';
    case 'stalled':
      return 'Nothing is stalled.';
  }
}

export function themeName(theme: WallTheme): string {
  switch (theme) {
    case 'system':
      return 'As the device';
    case 'light':
      return 'Light';
    case 'dark':
      return 'Dark';
  }
}

/** A code in groups, to be read across a room: `ACD 3467`. */
export function spacedCode(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** `10:42:07`, with the day where it is not today's. */
export function clockTime(atMs: number, nowMs: number): string {
  const time = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(LOCALE, { weekday: 'short', day: 'numeric', month: 'short' });
  const isToday = day.format(atMs) === day.format(nowMs);
  return isToday ? time.format(atMs) : `${day.format(atMs)}, ${time.format(atMs)}`;
}

export const wallWords = {
  title: 'Wall',
  page: (number: number, of: number) => `${number} of ${of}`,
  paused: 'Paused',
  pause: 'Pause',
  goOn: 'Go on',
  notLive: 'Not live',
  notLiveAsOf: (time: string) => `Not live: as of ${time}`,
  continued: 'continued',
  nothing: 'nothing',
  unclaimed: 'unclaimed',
  stalled: 'stalled',
} as const;

/** A screen that shows no board yet, or none any more. */
export const screenWords = {
  revoked: 'This display was revoked. It shows no board any more.',
  pair: 'Pair this screen',
  code: (spelled: string) => `Code ${spelled}`,
  pairHow: marked`On the board, open *Displays* and type in this code. An admin or a lead of a team can do that.`,
  noNetwork: 'Waiting for the network',
  noNetworkHow: 'The server can’t be reached. This screen tries again by itself.',
  noBoard: 'No board to show',
  noBoardHow: marked`*Sign in* with an account that may open this board.`,
  connecting: 'Connecting…',
} as const;

/** A fact beside a title; a figure says nothing without its label. Empty: a box that is not ticked. */
export function wallFactWords({ label, type, value }: WallFact, nowMs: number): string {
  if (typeof value === 'boolean') return value ? label : '';
  if (typeof value === 'number') return `${label} ${value.toLocaleString(LOCALE)}`;
  return type === 'date' ? formatDay(value, nowMs) : value;
}

interface Onward {
  readonly isReturned: boolean;
  readonly isWaiting: boolean;
  /** The teams that may come next. */
  readonly next: readonly string[];
}

/** Where an item goes from here: `→ Legal asked`, `→ Legal or Finance`, `waiting · → Legal +1`, `ends here`. */
export function onwardWords({ isReturned, isWaiting, next }: Onward, asked: string | null): string {
  if (asked !== null) return `→ ${asked} asked`;
  const state = isWaiting ? 'waiting' : isReturned ? 'returned' : null;
  const [first, ...others] = next;
  // As many as fit into the column.
  const isWhole = others.length === 0 || (others.length === 1 && state === null);
  const names = isWhole ? next.join(' or ') : `${first} +${others.length}`;
  const way = first === undefined ? 'ends here' : `→ ${names}`;
  return state === null ? way : `${state} · ${way}`;
}
