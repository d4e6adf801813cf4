import { PASSWORD_CHARS_MIN } from '#lib/protocol/limits.ts';
import { counted } from './sentences.ts';

/** A call to the server that has no answer, as this needs it; the fetch client's faults have this shape. */
export type Fault =
  | { readonly kind: 'unreachable' }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly id: string | null;
      readonly data: Readonly<Record<string, unknown>>;
    };

/** What went wrong with a call, and what to do, as one or two sentences. */
export function faultSentence(fault: Fault): string {
  if (fault.kind === 'unreachable') return 'The server can’t be reached. Check the connection and try again.';
  switch (fault.code) {
    case 'wrongCredentials':
      return 'The e-mail address or the password is wrong.';
    case 'tooManyAttempts':
      return `Too many attempts. Try again ${waitWords(fault.data.retryAfterSeconds)}.`;
    case 'emailTaken':
      return 'There is an account with this e-mail address already. Sign in with it.';
    case 'linkInvalid':
      return 'This link was used already, has expired, or was not copied whole. Ask for a new one.';
    case 'codeInvalid':
      return 'No screen shows this code now. Codes change every few minutes: type the one that it shows.';
    case 'tooManyDisplays':
      return 'The board has as many displays as it may have. Revoke one first.';
    case 'tooManyWatched':
      return 'You watch as much of this board as one person may. Stop watching something first.';
    case 'signInNeeded':
      return 'You are signed out. Sign in again.';
    case 'notAllowed':
      return 'You may not do that.';
    case 'notFound':
      return 'There is nothing here, or nothing for you.';
    case 'malformed':
      return malformedWords(fault.data.path);
    case 'tooLarge':
      return 'That is more than the server takes at once.';
    case 'foreignOrigin':
      return 'This page was opened under another address than the server knows. Open it under its own address.';
    case 'busy':
    case 'stopping':
      return 'The server is busy. Try again in a moment.';
    case 'storeDown':
      return 'The server can’t use its database. Nothing was saved; try again in a moment.';
    default:
      return fault.id === null
        ? 'Something went wrong on the server. Try again.'
        : `Something went wrong on the server. Try again; if it stays, tell its keeper this number: ${fault.id}.`;
  }
}

function waitWords(retryAfterSeconds: unknown): string {
  if (typeof retryAfterSeconds !== 'number' || retryAfterSeconds <= 0) return 'in a while';
  return retryAfterSeconds < 90
    ? `in ${counted(Math.ceil(retryAfterSeconds), 'second')}`
    : `in ${counted(Math.ceil(retryAfterSeconds / 60), 'minute')}`;
}

function malformedWords(path: unknown): string {
  const fields: Readonly<Record<string, string>> = {
    email: 'The e-mail address is not complete.',
    password: `The password is too short or too long: it needs at least ${PASSWORD_CHARS_MIN} characters.`,
    name: 'A name is needed, of at most 80 characters.',
  };
  const known = typeof path === 'string' ? fields[path] : undefined;
  return known ?? 'Something in the form is not as it should be.';
}
