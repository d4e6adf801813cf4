import { movesSentence } from './moves.ts';

export const movesWords = {
  title: 'My moves',
  openingBoard: 'Opening the board…',
  nothingNow: 'Nothing waits for you right now. This is what your teams have open.',
  waiting: (count: number) => `${movesSentence(count)}. The longest waiting stand first.`,
  forViewers: 'You look at this board and have no part in the work. A lead can give you a role in a team.',
  allOnItsWay:
    'Everything your teams have is on its way. What is offered or comes back to you shows up here by itself.',
  seeBoard: 'See the board',
  showMore: (count: number) => `Show ${count} more`,
  dayHasCome: 'its day has come',
  since: (moment: string) => `Since ${moment}`,
  withdraw: 'Withdraw',
  handOver: 'Hand over…',
  handOverOf: (itemKey: string) => `Hand over ${itemKey}…`,
  moveOf: (itemKey: string) => `Move ${itemKey}…`,
} as const;
