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

/** Own changes that the server is not known to have. */
export interface Unsent {
  readonly count: number;
  /** `kept`: they survive a reload. `keeping`: on their way to the disk. `here`: this page alone has them. */
  readonly where: 'kept' | 'keeping' | 'here';
}

export interface ConnectionWords {
  /** One or two words for a badge. */
  readonly label: string;
  /** The whole sentence, with what it means for the work on the screen. */
  readonly sentence: string;
  readonly tone: Tone;
}

/** How far the screen can be trusted, and what has not been sent yet. */
export function connectionWords(connection: Connection, unsent: Unsent, nowMs: number): ConnectionWords {
  const kept =
    unsent.count === 0 ? '' : ` ${counted(unsent.count, 'change')} not sent yet${UNTIL[unsent.where]}`;
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
        sentence: `The server can’t use its database, so nothing is saved and nothing new arrives.${kept}`,
        tone: 'danger',
      };
    case 'ended':
      return { tone: 'danger', ...ended(connection.why, unsent) };
  }
}

const UNTIL: Readonly<Record<Unsent['where'], string>> = {
  kept: ': kept here, and sent when the connection is back.',
  keeping: '.',
  here: ', and not kept in this browser: leave this page open until the connection is back.',
};

/** The tooltip of the number of unsent changes. */
export function unsentWords({ where }: Unsent): string {
  switch (where) {
    case 'kept':
      return 'Kept in this browser, and sent as soon as the server can be reached. What the server did not take is shown on the page of its item';
    case 'keeping':
      return 'Not kept in this browser yet';
    case 'here':
      return 'Only on this page: sent as soon as the server can be reached, lost when you close it before';
  }
}

/** What it means for the work that this browser does not keep it. */
export function storageSentence(cause: 'refused' | 'full' | 'lost'): string {
  const lost = 'You can go on working, but what is not sent is lost when you close this page.';
  switch (cause) {
    case 'refused':
      return `This browser keeps nothing for this page. ${lost}`;
    case 'full':
      return `There is no room left in this browser to keep changes. ${lost}`;
    case 'lost':
      return `This browser has deleted what it kept for this page, or no longer lets it be written. ${lost}`;
  }
}

function ended(
  why: Extract<Connection, { kind: 'ended' }>['why'],
  { count, where }: Unsent,
): Omit<ConnectionWords, 'tone'> {
  const kept =
    count > 0 && where === 'here'
      ? `${counted(count, 'change')} not sent and not kept in this browser: lost when this page closes.`
      : 'What is not sent is kept.';
  const forgotten =
    count === 0
      ? ''
      : ` ${counted(count, 'change')} not sent${where === 'here' ? ', and lost when this page closes.' : ': kept here until you sign out, and sent if the board is opened to you again.'}`;
  switch (why) {
    case 'signedOut':
      return {
        label: 'Signed out',
        sentence: `You are signed out. Sign in again to go on. ${kept}`,
      };
    case 'notAllowed':
      return { label: 'No access', sentence: `You have no part in this board any more.${forgotten}` };
    case 'noSuchBoard':
      return {
        label: 'Not found',
        sentence: `There is no such board, or you have no part in it.${forgotten}`,
      };
    case 'outdated':
      return {
        label: 'Outdated',
        sentence: `Baton was updated. Reload this page to go on. ${kept}`,
      };
    case 'refusedContent':
      return {
        label: 'Refused',
        sentence: 'The server refused what was written here. Copy it before you reload.',
      };
  }
}
