import { movesSentence } from './moves.ts';
import { counted } from './sentences.ts';

export const movesWords = {
  title: 'My moves',
  openingBoard: 'Opening the board…',
  /** `unclaimed`: how many items of the own teams anybody there may take. */
  nothingNow: (unclaimed: number) =>
    unclaimed === 0
      ? 'Nothing waits for you right now. This is what your teams have open.'
      : `Nothing is yours to move right now. ${counted(unclaimed, 'item')} of your teams ${unclaimed === 1 ? 'is unclaimed: you could take it' : 'are unclaimed: you could take them'}.`,
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
