import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * How long this side waits for the answer to one statement. The database's own `statement_timeout` is shorter and ends
 * a slow statement; this one ends the wait for a database that has become unreachable without a word.
 */
const DEADLINE_MS = 10_000;

const patience = new AsyncLocalStorage<'unlimited'>();

/** Runs statements that may take as long as they need: migrations. */
export async function withoutDeadline<Value>(task: () => Promise<Value>): Promise<Value> {
  return await patience.run('unlimited', task);
}

/** Settles as `answer` does, unless that takes too long: then `onExpired` is called, and it rejects. */
export async function withDeadline<Value>(answer: Promise<Value>, onExpired: () => void): Promise<Value> {
  if (patience.getStore() === 'unlimited') return await answer;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`The database has not answered within ${DEADLINE_MS} ms.`));
      onExpired();
    }, DEADLINE_MS);
  });
  try {
    return await Promise.race([answer, expired]);
  } finally {
    clearTimeout(timer);
  }
}
