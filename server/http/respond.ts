import type { Context } from 'hono';
import { randomUUID } from 'node:crypto';
import type { ApiFaultBody } from '#lib/protocol/api.ts';
import { AppError } from '../errors.ts';
import { isStoreDown } from '../persistence/store-fault.ts';
import type { Logger } from '../logger.ts';

/**
 * The only place where an error becomes a response. An `AppError` says what it is; of anything else the client learns
 * an id, under which the log has the rest.
 */
export function respondToError(error: unknown, c: Context, logger: Logger): Response {
  const fault = faultOf(error);
  const id = fault.kind.status >= 500 ? report(error, c, logger) : undefined;
  if (fault.data.retryAfterSeconds !== undefined)
    c.header('Retry-After', String(fault.data.retryAfterSeconds));
  const { code, message, data, kind } = fault;
  const body: ApiFaultBody = {
    error: { code, message, action: kind.action, ...data, ...(id === undefined ? {} : { id }) },
  };
  return c.json(body, kind.status);
}

function faultOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError(isStoreDown(error) ? 'storeDown' : 'internal');
}

function report(error: unknown, c: Context, logger: Logger): string {
  const id = randomUUID();
  // The path only: a query string may hold what somebody pasted there.
  logger.error({ id, error, method: c.req.method, path: c.req.path }, 'A request failed.');
  return id;
}
