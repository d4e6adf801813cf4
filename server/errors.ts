import type { CloseName } from '#lib/protocol/close-codes.ts';

/**
 * Every fault that may reach a client, in one table: what the HTTP answer is, what a socket is closed with, what the
 * client does next, and what it says to a person who reads it raw. The words on the screen are made in the UI.
 * `close` names the row of the close codes; it is null where the fault cannot happen to a socket.
 */
export const ERROR_TABLE = {
  malformed: {
    status: 400,
    close: 'contentRefused',
    action: 'stop',
    message: 'The request does not have its documented shape.',
  },
  signInNeeded: { status: 401, close: 'signedOut', action: 'signIn', message: 'Sign in first.' },
  wrongCredentials: {
    status: 401,
    close: null,
    action: 'correct',
    message: 'The e-mail address or the password is wrong.',
  },
  foreignOrigin: { status: 403, close: null, action: 'stop', message: 'The request came from another site.' },
  notAllowed: { status: 403, close: 'notFound', action: 'stop', message: 'You may not do that.' },
  notFound: {
    status: 404,
    close: 'notFound',
    action: 'stop',
    message: 'There is nothing here, or nothing for you.',
  },
  linkInvalid: {
    status: 404,
    close: null,
    action: 'stop',
    message: 'This link was used already, has expired, or never was one.',
  },
  codeInvalid: {
    status: 404,
    close: null,
    action: 'correct',
    message: 'This code has run out, was used already, or never was one.',
  },
  tooManyDisplays: {
    status: 409,
    close: null,
    action: 'correct',
    message: 'The board has as many displays as it may have. Revoke one first.',
  },
  tooManyWatched: {
    status: 409,
    close: null,
    action: 'correct',
    message: 'You watch as much of this board as one person may. Stop watching something first.',
  },
  emailTaken: {
    status: 409,
    close: null,
    action: 'correct',
    message: 'There is an account with this e-mail address. Sign in with it.',
  },
  tooLarge: { status: 413, close: 'tooLarge', action: 'stop', message: 'The request is too large.' },
  notJson: {
    status: 415,
    close: null,
    action: 'stop',
    message: 'The body must be JSON, and say so in its content type.',
  },
  tooManyAttempts: {
    status: 429,
    close: 'rateLimited',
    action: 'retry',
    message: 'Too many attempts. Wait, then try again.',
  },
  internal: {
    status: 500,
    close: 'storeDown',
    action: 'retry',
    message: 'Something went wrong on the server.',
  },
  busy: {
    status: 503,
    close: 'overloaded',
    action: 'retry',
    message: 'The server is busy. Try again in a moment.',
  },
  notBuilt: {
    status: 503,
    close: null,
    action: 'retry',
    message: 'The browser part is not built: run `npm run build`.',
  },
  storeDown: {
    status: 503,
    close: 'storeDown',
    action: 'retry',
    message: 'The database cannot be used now. Nothing was saved.',
  },
  stopping: { status: 503, close: 'restarting', action: 'retry', message: 'The server is restarting.' },
} as const satisfies Record<string, ErrorKind>;

export interface ErrorKind {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503;
  readonly close: CloseName | null;
  readonly action: 'retry' | 'signIn' | 'correct' | 'stop';
  readonly message: string;
}

export type ErrorCode = keyof typeof ERROR_TABLE;

/** What an answer may carry beside its code: the place in the body that is wrong, or how long to wait. */
export interface ErrorData {
  readonly path?: string;
  readonly retryAfterSeconds?: number;
}

/** A fault at an edge that was to be expected. Anything else that is thrown is a bug, and answered as `internal`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, data: ErrorData = {}, options?: ErrorOptions) {
    super(ERROR_TABLE[code].message, options);
    this.name = 'AppError';
    this.code = code;
    this.data = data;
  }

  get kind(): ErrorKind {
    return ERROR_TABLE[this.code];
  }
}
