import { counted } from './sentences.ts';

export const archiveWords = {
  title: 'Archive',
  intro: 'What was completed or cancelled, the latest first. A lead can reopen it from its page.',
  find: 'Find in the archive',
  findHint: 'Find by word or key',
  unreachable: 'The archive is kept by the server, which can’t be reached now.',
  items: 'Closed items',
  older: 'Show older ones',
  nothingClosed: 'Nothing was closed yet',
  nothingClosedWhy:
    'An item that is completed or cancelled stays on the board for two weeks, and here for good.',
  nothingFound: 'Nothing found',
  nothingFoundWhy: (text: string) => `No closed item holds all the words of “${text}”.`,
  /** Read out: how many are listed, and whether there are more. */
  listed: (count: number, hasMore: boolean) =>
    `${hasMore ? 'The first ' : ''}${counted(count, 'closed item')}`,
} as const;
