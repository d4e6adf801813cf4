/** Keys as they are written for people, where the browser's name for them is not that. */
export const KEY_NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  Escape: 'Esc',
  ' ': 'Space',
};

export const SPOKEN_KEYS: Readonly<Record<string, string>> = {
  ArrowUp: 'Up arrow',
  ArrowDown: 'Down arrow',
  ArrowLeft: 'Left arrow',
  ArrowRight: 'Right arrow',
  '?': 'Question mark',
  '/': 'Slash',
};

/** Before the key that is pressed with it; a Mac has a sign of its own. */
export const CONTROL_PREFIX = 'Ctrl+';

/** What each key does, in the list of keys. */
export const keyWords = {
  nextCard: 'Go to the next card in that direction',
  nextCardByLetter: 'The same: left, down, up, right',
  open: 'Open the card',
  leave: 'Close a dialog; deselect; leave an item for the board',
  move: 'Move: every way on, and what else can be done',
  accept: 'Accept',
  return: 'Return',
  assign: 'Assign',
  select: 'Select, to do something with several at once',
  pickUp: 'Pick up, to carry it to another place or lane',
  create: 'New item',
  filter: 'Filter the board by text',
  mine: 'Only what is mine, and back',
  watch: 'Watch the open item, or stop',
  bell: 'Notifications: what asks for you',
  find: 'Find items, actions, people and boards',
  undo: 'Undo what you did last, while its note is shown',
  help: 'This list',
  carryOn: 'To the next place or column, and on to the next lane',
  carryToLane: 'To the lane above or below',
  drop: 'Drop it there',
  putBack: 'Put it back',
} as const;
