/** Keeps the screen on where the browser can, also after it was looked away from. Until the answer is called. */
export function keepAwake(): () => void {
  const { wakeLock } = navigator as Partial<Navigator>;
  if (!wakeLock) return () => undefined;
  let held: WakeLockSentinel | null = null;
  let isOver = false;
  const ask = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || (held && !held.released)) return;
    try {
      held = await wakeLock.request('screen');
      if (isOver) await held.release();
      else held.addEventListener('release', onVisible, { once: true });
    } catch {
      // Refused, to save power for one: the device's own settings decide then.
      held = null;
    }
  };
  const onVisible = () => void ask();
  document.addEventListener('visibilitychange', onVisible);
  void ask();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', onVisible);
    void held?.release();
  };
}
