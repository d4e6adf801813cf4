import { formatMoment } from './durations.ts';
import { counted } from './sentences.ts';
import type { Tone } from './status.ts';

/** The connection as this needs it; a session's status has this shape. */
export type Connection =
  | { readonly kind: 'opening' | 'live' }
  | { readonly kind: 'reconnecting' | 'offline' | 'storeDown'; readonly since: number }
  | {
      readonly kind: 'ended';
      readonly why: 'signedOut' | 'notAllowed' | 'noSuchBoard' | 'outdated' | 'refusedContent';
    };

export interface ConnectionWords {
  /** One or two words for a badge. */
  readonly label: string;
  /** The whole sentence, with what it means for the work on the screen. */
  readonly sentence: string;
  readonly tone: Tone;
}

/** How far the screen can be trusted, and what has not been sent yet. */
export function connectionWords(connection: Connection, unsent: number, nowMs: number): ConnectionWords {
  const kept =
    unsent === 0
      ? ''
      : ` ${counted(unsent, 'change')} not sent yet: kept here, and sent when the connection is back.`;
  switch (connection.kind) {
    case 'opening':
      return { label: 'Connecting', sentence: `Connecting to the server.${kept}`, tone: 'neutral' };
    case 'live':
      return { label: 'Live', sentence: 'Live: what you see is what is true now.', tone: 'good' };
    case 'reconnecting':
      return {
        label: 'Reconnecting',
        sentence: `The connection was lost. Trying again.${kept}`,
        tone: 'warn',
      };
    case 'offline':
      return {
        label: 'Offline',
        sentence: `Offline: this is as it was ${formatMoment(connection.since, nowMs)}.${kept}`,
        tone: 'warn',
      };
    case 'storeDown':
      return {
        label: 'Not saving',
        sentence: `The server can’t reach its database, so nothing is saved and nothing new arrives.${kept}`,
        tone: 'danger',
      };
    case 'ended':
      return { tone: 'danger', ...ended(connection.why) };
  }
}

function ended(why: Extract<Connection, { kind: 'ended' }>['why']): Omit<ConnectionWords, 'tone'> {
  switch (why) {
    case 'signedOut':
      return {
        label: 'Signed out',
        sentence: 'You are signed out. Sign in again to go on; what is not sent is kept.',
      };
    case 'notAllowed':
      return { label: 'No access', sentence: 'You have no part in this board any more.' };
    case 'noSuchBoard':
      return { label: 'Not found', sentence: 'There is no such board, or you have no part in it.' };
    case 'outdated':
      return {
        label: 'Outdated',
        sentence: 'Baton was updated. Reload this page to go on; what is not sent is kept.',
      };
    case 'refusedContent':
      return {
        label: 'Refused',
        sentence: 'The server refused what was written here. Copy it before you reload.',
      };
  }
}
