/** The list of all keys, in its groups. */
export const keyHelpWords = {
  title: 'Keyboard',
  intro: 'Everything here has a button as well.',
  off: '(off)',
  letters: 'Keys that are a single character',
  lettersWhy:
    'Switch them off if you dictate, or if they act when you do not mean it. Remembered for you in this browser.',
} as const;

export const KEY_GROUP_NAMES = {
  around: 'Moving about',
  card: 'The card in focus',
  carrying: 'While a card is picked up',
  board: 'The board',
} as const;
