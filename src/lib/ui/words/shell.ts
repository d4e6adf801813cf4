import { counted } from './sentences.ts';

/** Before anything is known, and while one leaves. */
export const splashWords = {
  unreachable: 'The server can’t be reached',
  nothingToShow:
    'Check the connection. Nobody has signed in on this browser before, so there is nothing to show without it.',
  signingOut: 'Signing out…',
} as const;

export const updateWords = {
  isReady: 'A new version of Baton is ready.',
} as const;

export const accountWords = {
  menu: (name: string) => `Account of ${name}`,
  allBoards: 'All boards',
  places: { stalled: 'Stalled', changes: 'What changed', replay: 'Replay', archive: 'Archive' },
  keyboard: 'Keyboard',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  signOut: 'Sign out',
  needsConnection: 'Signing out needs a connection. Try again when you have one.',
} as const;

export const signOutWords = {
  title: 'Sign out',
  loses: (count: number) =>
    count === 1
      ? '1 change on this device has not reached the server. Signing out deletes it.'
      : `${counted(count, 'change')} on this device have not reached the server. Signing out deletes them.`,
  stay: 'Stay signed in',
  leave: 'Delete and sign out',
} as const;
