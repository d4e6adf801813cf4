import { LOCALE } from './locale.ts';

/** The button and the field that find items, actions, people and boards. */
export const paletteWords = {
  title: 'Find or do',
  hint: 'Find items, people, boards',
  hintOn: (itemKey: string) => `Find, or do something with ${itemKey}`,
  results: 'Found',
  more: (count: number) => `${count.toLocaleString(LOCALE)} more: type on to narrow it down`,
  nothingCalled: (text: string) => `Nothing is called “${text}” here.`,
  nothingFound: 'Nothing found',
  found: (count: number) => `${count} found`,
} as const;

/** Groups and lines of what it finds. */
export const paletteEntryWords = {
  onItem: (itemKey: string) => `On ${itemKey}`,
  items: 'Items',
  people: 'People',
  thisBoard: 'This board',
  boards: 'Boards',
  /** What a board is found by, beside its name. */
  boardText: (name: string) => `${name} board`,
  move: 'Move…',
  itemDetail: (team: string, owner: string) => `${team}, ${owner}`,
  yours: 'yours',
  unclaimed: 'unclaimed',
  completed: 'completed',
  cancelled: 'cancelled',
  showOnlyTheirs: 'show only their items',
  newItem: 'New item',
  board: 'The board',
  moves: 'My moves',
  stalled: 'Stalled: what has stood too long',
  changes: 'What changed: handing over a shift',
  replay: 'Replay: the board as it was',
  archive: 'Archive: closed items',
  keyboard: 'Keyboard',
} as const;
