import { marked } from './marked.ts';
import { counted, listed } from './sentences.ts';

/** The page of one item. */
export const itemWords = {
  fields: 'Fields',
  title: 'Title',
  signedOut: 'You are signed out. What is written here is kept on this device.',
  signIn: 'Sign in',
  outdated: 'Baton was updated. Reload to go on; what is written here is kept.',
  isArchived: 'This item has left the board and can only be read. A lead can reopen it.',
  archive: 'Archive',
} as const;

/** What becomes of what is written on it. */
export const savingWords = {
  failed: 'Can’t be opened',
  saved: 'Saved',
  saving: 'Saving…',
  kept: 'Kept here, not sent yet',
  notSent: 'Not sent yet',
} as const;

export const refusedTextWords = {
  title: 'The server did not take what was written here',
  copyFirst: 'Copy what you need, then go on with what the server has.',
  goOn: 'Go on without it',
  text: 'What was written here',
} as const;

/** Who has it, and what happened on its way. */
export const itemStateWords = {
  title: 'Who has it',
  ownerIs: (name: string) => `Owner: ${name}`,
  sentBack: (times: number) => `Sent back ${counted(times, 'time')}`,
  leftPath: (times: number) => `Left the path ${counted(times, 'time')}`,
  unsent: (count: number) => `${counted(count, 'change')} not sent yet`,
  returnedBy: (team: string) => `${team} returned it.`,
  missing: (fields: readonly string[]) => `Missing or wrong: ${listed(fields)}`,
  saidWhatIsNext: (name: string) => `${name} said what is next:`,
  more: 'More',
  move: 'Move…',
  moveDetail: 'Every step of the workflow, also off the path',
} as const;

/** For a team that has had it before. */
export const changesSinceWords = {
  title: 'What has changed',
  since: (team: string, moment: string) => `Since ${team} last had it, ${moment}`,
  comments: (count: number) => counted(count, 'comment'),
  nothing: 'No field has changed and nobody has commented.',
  wentThrough: (teams: readonly string[]) => `It has been with ${listed(teams)}.`,
} as const;

export const fieldGroupWords = {
  others: 'Other fields',
  known: 'What is known',
  neededFor: (step: string) => `Needed for ${step}`,
  allReady: (count: number) => `All ${count} ready`,
  ready: (ready: number, needed: number) => `${ready} of ${needed} ready`,
} as const;

export const activityWords = {
  title: 'Activity',
  show: 'Show',
  all: 'Everything',
  comments: 'Comments',
  noComments: 'No comments yet.',
  readSoFar:
    'This is as far as this browser has read it: what happened since is shown when the connection is back.',
  notRead: 'The history comes from the server, and is shown when the connection is back.',
  mentionsYou: 'Mentions you',
  sending: 'Sending',
  notSent: 'Not sent yet',
} as const;

export const commentWords = {
  label: 'Comment',
  hint: 'Write a comment. Every team of the board reads it. @ mentions somebody.',
  people: 'People to mention',
  found: (count: number) => `${counted(count, 'person', 'people')} to mention; arrows choose`,
  tooLong: 'With so many mentions the comment is too long.',
  help: 'Ctrl + Enter sends, @ mentions',
  send: 'Comment',
} as const;

export const descriptionWords = {
  title: 'Description',
  /** Who is writing in it now. */
  writers: (names: readonly string[]) =>
    names.length === 1 ? `${names.join()} writes here` : `${names.join(', ')} write here`,
  nothing: 'Nothing is written here.',
  hint: 'What everybody should know about it. Others can write here at the same time.',
  notLoaded: 'What is needed to write here could not be loaded.',
  format: 'Format',
  formats: {
    heading: 'Heading',
    bold: 'Bold',
    italic: 'Italic',
    list: 'List',
    task: 'Boxes to tick',
    code: 'Code',
    link: 'Link',
  },
  help: 'Markdown: # for a heading, ** for bold, - for a list, - [ ] for a box to tick. Ctrl + Enter ticks the box of the line, Alt + Enter opens the link at the caret.',
} as const;

/** The item of an address is not here. */
export const noItemWords = {
  notOnDevice: 'Not on this device yet',
  notOnDeviceWhy: 'This board was not opened here before. It comes by itself when the connection is back.',
  noSuchItem: 'There is no such item on this board',
  noSuchItemWhy: marked`This address may belong to another board, or to one that you are not on. What was closed stands in the *archive*.`,
  notRead: 'Not on this device',
  notReadWhy:
    'What was closed some time ago is read from the server. It comes by itself when the connection is back.',
  toBoard: 'Go to the board',
} as const;
