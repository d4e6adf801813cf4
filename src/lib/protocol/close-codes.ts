/**
 * Why a socket is closed. y-websocket treats 4400 to 4499 as final and retries after everything else, so the number
 * itself says whether a stock client comes back: "final" codes are never used for what time would heal.
 */
export interface CloseCode {
  readonly code: number;
  /** `retry`: connect again with back-off. `final`: connecting again with the same document or session is pointless. */
  readonly kind: 'final' | 'retry';
  /** One sentence for logs and for people who write clients; also sent as the close reason (at most 123 bytes). */
  readonly reason: string;
}

export const CLOSE = {
  signedOut: { code: 4401, kind: 'final', reason: 'No session: sign in.' },
  contentRefused: { code: 4403, kind: 'final', reason: 'What was sent is not allowed here.' },
  notFound: { code: 4404, kind: 'final', reason: 'There is no such document for this user.' },
  epochOver: {
    code: 4409,
    kind: 'final',
    reason: 'This document belongs to another epoch: start with an empty one.',
  },
  tooLarge: { code: 4413, kind: 'final', reason: 'The frame is too large.' },
  restarting: { code: 1012, kind: 'retry', reason: 'The server is restarting.' },
  overloaded: { code: 1013, kind: 'retry', reason: 'Too much at once. Retry after 2 s.' },
  storeDown: { code: 4503, kind: 'retry', reason: 'The database cannot be used. Retry after 1 s.' },
  tooSlow: { code: 4508, kind: 'retry', reason: 'The connection does not keep up. Retry after 1 s.' },
  rateLimited: { code: 4529, kind: 'retry', reason: 'Too many frames. Retry after 5 s.' },
} as const satisfies Record<string, CloseCode>;

export type CloseName = keyof typeof CLOSE;

/** A server that names a longer time is not believed: its next close may say something else. */
const RETRY_AFTER_SECONDS_MAX = 60;

/** How long the server asks to be left alone, by its close reason; 0: it does not ask. */
export function retryAfterMs(reason: string): number {
  const seconds = Number(/ Retry after (\d{1,4}) s\.$/.exec(reason)?.[1] ?? 0);
  return Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1000;
}

/** The entry of a code received from the wire; null for the codes of WebSocket itself and unknown ones. */
export function closeName(code: number): CloseName | null {
  const names = Object.keys(CLOSE) as CloseName[];
  return names.find((name) => CLOSE[name].code === code) ?? null;
}
