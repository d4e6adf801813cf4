const LATEST_MS = 3_000;

/** Does it once, when the page has nothing else to do, or after three seconds; returns how to call it off. */
export function whenIdle(act: () => void): () => void {
  // Safari has no idle callbacks.
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(act, LATEST_MS);
    return () => clearTimeout(timer);
  }
  const id = requestIdleCallback(act, { timeout: LATEST_MS });
  return () => cancelIdleCallback(id);
}
