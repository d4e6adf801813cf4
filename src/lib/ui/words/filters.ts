import type { FilterMark } from '#lib/state/board-filter.ts';
import { marked } from './marked.ts';
import { counted } from './sentences.ts';

/** What the switches of the filter are called, and what they mean at length. */
export const MARK_NAMES: Readonly<Record<FilterMark, string>> = {
  team: 'My team',
  mine: 'Mine',
  offered: 'Offered to us',
  waiting: 'Waiting on others',
  stalled: 'Stalled',
  returned: 'Returned',
};

export const MARK_HINTS: Readonly<Record<FilterMark, string>> = {
  team: 'Held by a team of yours, or offered to it',
  mine: 'Owned by you',
  offered: 'Offered to a team of yours: yours to accept or return',
  waiting: 'Waiting for somebody, or offered by your team and not taken yet',
  stalled: 'Past its limit, or longer where it is than is usual',
  returned: 'Came back with a reason',
};

export const filterWords = {
  bar: 'Filter the board',
  find: 'Find on this board',
  findHint: 'Find by word or key',
  showOnly: 'Show only',
  isShown: 'shown',
  shownOfAll: (shown: number, all: number) => marked`*${shown} of ${all}* shown`,
  clear: 'Clear filters',
  filters: 'Filters',
  /** Read out after the number of filters that are on. */
  active: 'active',
  noMatch: (all: number) => marked`*No card matches* what you filter by. All ${all} are still here.`,
  showAll: 'Show all cards',
  workflow: 'Workflow',
  owner: 'Owner',
  ownerIs: (name: string) => `Owner: ${name}`,
  ownerUnclaimed: 'Owner: unclaimed',
  ownerGone: 'Owner: somebody who left',
  ownersAre: (count: number) => `Owner: ${count} people`,
  meNamed: (name: string) => `${name} (you)`,
} as const;

/** Items beside the cards of the board that the words find as well. */
export const foundWords = {
  list: 'Closed or older items',
  also: (count: number, hasMore: boolean) =>
    hasMore
      ? `Also found: more than ${counted(count, 'closed or older item')}`
      : `Also found: ${counted(count, 'closed or older item')}`,
  open: 'open',
  onlyHere: 'Only what is on this device was searched. Older items are found once there is a connection.',
} as const;

export const savedViewWords = {
  views: 'Views',
  viewNamed: (name: string) => `View: ${name}`,
  filterFirst: 'Filter the board first, then give it a name',
  saveThis: 'Save this view…',
  renameOrDelete: 'Rename or delete…',
} as const;
