import { PASSWORD_CHARS_MIN } from '#lib/protocol/limits.ts';

export const signInWords = {
  title: 'Sign in',
  intro: 'New here? Ask a lead of your team for an invitation link.',
  email: 'E-mail address',
  password: 'Password',
  signIn: 'Sign in',
} as const;

export const newAccountWords = {
  name: 'Your name',
  passwordHint: `At least ${PASSWORD_CHARS_MIN} characters. A few words in a row do well.`,
} as const;

/** On a server that has no people yet, and on the page where its first account is made. */
export const setupWords = {
  newServer: 'This server is new',
  newServerIntro: 'It has no people yet. Whoever started it makes the first account.',
  lookIntoTerminal:
    'Look into the terminal, or the log, where Baton was started. It has printed a link that works once:',
  openLink: 'Open it here, and choose a name and a password. Then make a board and invite the teams.',
  isSetUp: 'It is set up: go on',
  alreadySetUp: 'Already set up',
  alreadySetUpIntro: 'This server has its first account. The link has done its work.',
  goOn: 'Go on',
  title: 'Set up Baton',
  intro: 'Make the first account. It keeps this server: it makes boards and invites people.',
  linkNotWhole: 'The link is not whole',
  copyAgain: 'Copy it once more from the terminal where Baton was started, to its end.',
  makeAccount: 'Make the account',
} as const;

/** For whoever follows an invitation. */
export const joinWords = {
  invitation: 'Invitation',
  doesNotWork: 'This invitation does not work',
  linkNotWhole: 'The link is not whole. Copy it once more, to its end.',
  toStart: 'Go to the start page',
  title: 'You are invited',
  intro: 'Join a board, in the team that expects you.',
  board: 'Board',
  team: 'Team',
  role: 'Role',
  joinAs: (name: string) => `Join as ${name}`,
  signInAndJoin: 'Sign in and join',
  makeAccountInstead: 'Make a new account instead',
  makeAccountAndJoin: 'Make the account and join',
  hasAccount: 'I have an account',
} as const;

/** The picture beside the forms: what Baton is for, with an invented item. */
export const pictureWords = {
  teams: { sales: 'Sales', legal: 'Legal', provisioning: 'Provisioning' },
  itemKey: 'ONB-12',
  itemTitle: 'Northwind Traders',
  age: '2d 3h',
  handOver: 'Hand to Provisioning',
  claim: 'Every item has one team that answers for it. Everybody sees which, and who moves next.',
} as const;
