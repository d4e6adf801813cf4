/**
 * The promise's result, or a rejection after `timeoutMs`. IndexedDB is known to hang for ever in some browsers (a
 * blocked upgrade, a storage process that died); nothing here may wait for it without end.
 */
export function withDeadline<Value>(
  promise: Promise<Value>,
  timeoutMs: number,
  what: string,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${what} did not answer within ${String(timeoutMs)} ms`));
    }, timeoutMs);
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
