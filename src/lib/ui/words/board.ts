import type { Column } from '#lib/workflow/place.ts';
import { formatDuration, spellDuration } from './durations.ts';
import { marked } from './marked.ts';
import { counted } from './sentences.ts';

export const COLUMN_NAMES: Readonly<Record<Column, string>> = {
  incoming: 'Incoming',
  working: 'Working',
  waiting: 'Waiting',
};

/** What a column means, for the one who sees the board for the first time. */
export const COLUMN_HINTS: Readonly<Record<Column, string>> = {
  incoming: 'offered, waiting for a yes',
  working: 'with this team now',
  waiting: 'paused, and on whom',
};

const STALLED_HINT = 'Past their limit, or longer where they are than is usual';

export const boardHeaderWords = {
  find: 'Find or do',
  moves: 'My moves',
  /** Read out after the number of moves. */
  waitingForYou: 'waiting for you',
  viewOnly: 'View only',
  viewOnlyHint: 'You can look at this board but not change it. Ask a lead for a role in a team.',
  people: 'People',
  displays: 'Displays',
  newItem: 'New item',
  hereNow: 'Here now',
  isHere: (name: string) => `${name} is here`,
  stalled: (count: number) => marked`${count} *stalled*`,
  stalledHint: STALLED_HINT,
  /** The marked part is left out where there is little room. */
  unsent: (count: number) =>
    count === 1 ? marked`${count}* change* not sent` : marked`${count}* changes* not sent`,
} as const;

export const boardPageWords = {
  opening: 'Opening the board…',
  noTeams: 'This board has no teams yet',
  notOpen: 'This board is not open to you',
  allBoards: 'All boards',
  teams: 'Teams',
  closedLately: (count: number) => `${counted(count, 'item')} closed lately`,
  reopen: 'Reopen…',
  reopenOf: (itemKey: string) => `Reopen ${itemKey}`,
  allClosed: 'All closed items',
} as const;

export const laneWords = {
  column: (column: Column, team: string) => `${COLUMN_NAMES[column]}, ${team}`,
  showAll: 'Show all lanes',
  showOnly: (team: string) => `Show only ${team}`,
  fold: (team: string) => `Fold ${team}`,
  unfold: (team: string) => `Unfold ${team}`,
  countHint: 'Open items this team answers for',
  countAndLimitHint: 'Open items this team answers for, and its limit',
  held: 'held',
  full: 'full',
  overLimit: 'over limit',
  oldest: (ageMs: number) => `oldest ${formatDuration(ageMs)}`,
  oldestSpelled: (ageMs: number) => `The oldest has been here for ${spellDuration(ageMs)}`,
  incoming: (count: number) => `${count} incoming`,
  /** Read out after the number. */
  incomingUnit: 'incoming',
  stalled: (count: number) => `${count} stalled`,
  stalledHint: STALLED_HINT,
  returned: (count: number) => `${count} returned`,
  returnedHint: 'Came back, and were not offered again yet',
  showMore: (count: number) => `Show ${count} more`,
  notShown: (count: number) => `${count} not shown`,
  add: 'New',
  /** Read out after it. */
  addTo: (team: string) => `item in ${team}`,
  addTitle: (team: string) => `Title of the new item in ${team}`,
  addHint: 'Title, then Enter',
} as const;

/** Cards that a team has offered and nobody has taken. */
export const ghostWords = {
  title: 'Offered, still ours until taken',
  offeredTo: 'offered to',
  notSent: 'not sent yet',
  spelled: (ageMs: number, isStalled: boolean) =>
    isStalled ? `offered for ${spellDuration(ageMs)}, stalled` : `for ${spellDuration(ageMs)}`,
} as const;

/** Passing notes of what has happened. */
export const noteWords = {
  list: 'What has just happened',
  undo: 'Undo',
  dismiss: 'Dismiss',
} as const;

export const selectionWords = {
  title: 'Selected cards',
  count: (count: number) => counted(count, 'card'),
  selected: (count: number) => `${counted(count, 'card')} selected`,
  handTo: (team: string) => `Hand to ${team}`,
  forSome: (what: string, count: number, total: number) => `${what} (${count} of ${total})`,
  nothing: 'Nothing can be done with these at once.',
  deselect: 'Deselect',
} as const;

/** In place of a dialog that could not be fetched. */
export const notLoadedWords = {
  title: 'Not here yet',
  close: 'Close',
} as const;
