/** The start page, with one's boards. */
export const boardListWords = {
  title: 'Boards',
  newBoard: 'New board',
  unreadable: 'The boards could not be read',
  makeFirst: 'Make the first board',
  makeFirstHow:
    'Choose a workflow that comes close to yours: its teams become lanes, and its steps the way of every item.',
  noBoard: 'No board yet',
  noBoardHow: 'You have no part in a board. Ask a lead of yours for an invitation link.',
} as const;

export const newBoardWords = {
  title: 'New board',
  intro: 'Start from a workflow that comes close to yours: its teams become the lanes.',
  unreadable: 'The workflows could not be read',
  workflow: 'Workflow',
  way: 'The way of an item',
  wayThrough: (workflow: string) => `The way of an item through ${workflow}`,
  /** A picture of the workflow, read out. */
  stepsInOrder: (steps: readonly string[]) => steps.join(', then '),
  name: 'Name of the board',
  samples: 'With a few sample items',
  samplesDetail: 'Invented ones on every stage of the way, to look around in. Cancel them when you are done.',
  make: 'Make the board',
} as const;
