import type { MiddlewareHandler } from 'hono';
import type { Origin } from '../config.ts';
import { AppError } from '../errors.ts';
import { CappedCounts } from '../sync/admission.ts';
import { addressOf } from './client-address.ts';

/** From one address, behind which there may be an office. A few requests of ten bytes each fill a packet. */
const REQUESTS_AT_ONCE_MAX = 200;

/**
 * Turns away what one address asks beyond so many requests that are not answered yet. They all wait for one database: a
 * stranger who sends thousands of them down one connection would make everybody else wait for the last.
 */
export function limitRequestsAtOnce(origin: Origin): MiddlewareHandler {
  const running = new CappedCounts(REQUESTS_AT_ONCE_MAX);
  return async (c, next) => {
    const address = addressOf(c, origin);
    if (running.isFull(address)) throw new AppError('tooManyAttempts', { retryAfterSeconds: 1 });
    running.add(address);
    try {
      await next();
    } finally {
      running.remove(address);
    }
  };
}
