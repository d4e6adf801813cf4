import { onlyHere } from './only-here.ts';

/** A tab that stays open for days: browsers look by themselves only when somebody navigates. */
const LOOK_EVERY_MS = 60 * 60 * 1000;
/** On a first visit storing the whole program would compete with the page that is only just being opened. */
const FIRST_STORE_AFTER_MS = 3_000;

/**
 * Whether a newer build of the app has taken over behind this page. The page still runs the old one: it is loaded anew
 * at once where nobody has touched it yet (so that the first visit after an update shows the new one), and else when
 * the person says so or goes to another page.
 */
class AppUpdate {
  isReady = $state(false);
  #isTouched = false;

  /**
   * Has the service worker at this address keep the program from now on: at once where one does already, so that a newer
   * build takes over soon, and on a first visit when the page stands. Until the answer is called.
   */
  watch(workerUrl: string): () => void {
    const { serviceWorker } = navigator as Partial<Navigator>;
    if (!serviceWorker) return () => undefined;
    const delayMs = serviceWorker.controller === null ? FIRST_STORE_AFTER_MS : 0;
    // Refused in a private window, say: the page does without.
    const register = () => void serviceWorker.register(workerUrl).catch(() => undefined);
    const registration = setTimeout(register, delayMs);
    const aborter = new AbortController();
    const { signal } = aborter;
    const touched = () => (this.#isTouched = true);
    for (const event of ['pointerdown', 'keydown', 'input'] as const) {
      addEventListener(event, touched, { signal, capture: true, passive: true });
    }
    // The first worker of all takes over a page that is of its own version.
    let hadWorker = serviceWorker.controller !== null;
    const onChange = () => {
      if (hadWorker) this.#takenOver();
      hadWorker = true;
    };
    serviceWorker.addEventListener('controllerchange', onChange, { signal });
    addEventListener('online', () => void this.look(), { signal });
    const onVisible = () => {
      if (document.visibilityState === 'visible') void this.look();
    };
    document.addEventListener('visibilitychange', onVisible, { signal });
    const timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    return () => {
      aborter.abort();
      clearTimeout(registration);
      clearInterval(timer);
    };
  }

  /** Asks the server for a newer build. After a restart of the server there may well be one. */
  async look(): Promise<void> {
    try {
      const registration = await navigator.serviceWorker?.getRegistration();
      await registration?.update();
    } catch {
      // The server is away: asked again when it is back.
      return;
    }
  }

  /** Whether to load the next page from the server's build instead of going on in this one. */
  get leavesByLoading(): boolean {
    return this.isReady && onlyHere.count === 0;
  }

  #takenOver(): void {
    this.isReady = true;
    if (!this.#isTouched && onlyHere.count === 0) location.reload();
  }
}

/** Of this page. */
export const appUpdate = new AppUpdate();
