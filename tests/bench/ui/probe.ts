import type { Page } from '@playwright/test';

/** What the page has noted since the last `startNotes`. Times in milliseconds. */
export interface Notes {
  /** From one frame's start to the next one's. */
  readonly intervals: readonly number[];
  /** From a frame's start until the page is free again: input, script, style, layout and paint of that frame. */
  readonly busy: readonly number[];
  /** Tasks of 50 ms and more. */
  readonly longTasks: readonly number[];
  /** The longest event of each interaction (a click, a key): from the input to the next paint, as Event Timing has it. */
  readonly interactions: readonly number[];
}

interface Probe {
  start(): void;
  stop(): Notes;
  /** Arms a stopwatch; resolves with the time from the next click or key to the paint of what it brings about. */
  arm(selector: string, isThere: boolean): void;
  painted(): Promise<number>;
  /** Since the navigation began: when cards had been painted and the page was free to answer; and what it took. */
  readonly interactive: Promise<{ atMs: number; scripts: readonly string[] }>;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** Puts the probe into every page that is opened from now on. It runs in the page, so it must stand by itself. */
export async function addProbe(page: Page): Promise<void> {
  await page.addInitScript(probeInPage);
}

/** What happens in the page while `act` runs. */
export async function notesDuring(page: Page, act: () => Promise<void>): Promise<Notes> {
  await page.evaluate(() => window.probe.start());
  await act();
  return await page.evaluate(() => window.probe.stop());
}

/** From the input that `act` makes to the first paint in which `selector` is there, or is gone. */
export async function inputToPaintMs(
  page: Page,
  { selector, isThere = true }: { selector: string; isThere?: boolean },
  act: () => Promise<void>,
): Promise<number> {
  await page.evaluate(([wanted, there]) => window.probe.arm(wanted, there), [selector, isThere] as const);
  await act();
  return await page.evaluate(() => window.probe.painted());
}

function probeInPage(): void {
  let intervals: number[] = [];
  let busy: number[] = [];
  let longTasks: number[] = [];
  let interactions = new Map<number, number>();
  let isNoting = false;
  let frame = 0;
  let lastStart = 0;

  /** Messages posted in a frame's callback come after its paint. */
  const afterPaint = (then: () => void) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(null);
    });

  const onFrame = (start: number) => {
    if (!isNoting) return;
    if (lastStart > 0) intervals.push(start - lastStart);
    lastStart = start;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => busy.push(performance.now() - start);
    port2.postMessage(null);
    frame = requestAnimationFrame(onFrame);
  };

  type Observed = PerformanceObserverInit & { durationThreshold?: number };
  const takeEvents = (entries: PerformanceEntryList) => {
    for (const { interactionId, duration } of entries as (PerformanceEntry & { interactionId: number })[]) {
      if (isNoting && interactionId > 0)
        interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
    }
  };
  const events = new PerformanceObserver((list) => takeEvents(list.getEntries()));
  events.observe({ type: 'event', durationThreshold: 16 } as Observed);
  const takeTasks = (entries: PerformanceEntryList) => {
    if (isNoting) longTasks.push(...entries.map(({ duration }) => duration));
  };
  const tasks = new PerformanceObserver((list) => takeTasks(list.getEntries()));
  tasks.observe({ type: 'longtask' });

  let stopwatch: Promise<number> = Promise.resolve(0);
  const arm = (selector: string, isThere: boolean) => {
    stopwatch = new Promise((resolve) => {
      let from = 0;
      const onInput = (event: Event) => {
        from ||= event.timeStamp;
      };
      const look = () => {
        if (from === 0 || (document.querySelector(selector) !== null) !== isThere) return;
        changes.disconnect();
        for (const type of ['click', 'keydown']) removeEventListener(type, onInput, true);
        afterPaint(() => resolve(performance.now() - from));
      };
      const changes = new MutationObserver(look);
      for (const type of ['click', 'keydown']) addEventListener(type, onInput, true);
      changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    });
  };

  const interactive = new Promise<{ atMs: number; scripts: readonly string[] }>((resolve) => {
    const look = () => {
      if (document.querySelector('article[data-item-id]') === null) return;
      changes.disconnect();
      const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
      const scripts = loaded.filter((name) => new URL(name).pathname.endsWith('.js'));
      afterPaint(() => resolve({ atMs: performance.now(), scripts }));
    };
    const changes = new MutationObserver(look);
    changes.observe(document, { subtree: true, childList: true });
  });

  window.probe = {
    start() {
      takeEvents(events.takeRecords());
      takeTasks(tasks.takeRecords());
      intervals = [];
      busy = [];
      longTasks = [];
      interactions = new Map();
      lastStart = 0;
      isNoting = true;
      frame = requestAnimationFrame(onFrame);
    },
    stop() {
      takeEvents(events.takeRecords());
      takeTasks(tasks.takeRecords());
      isNoting = false;
      cancelAnimationFrame(frame);
      return { intervals, busy, longTasks, interactions: [...interactions.values()] };
    },
    arm,
    painted: () => stopwatch,
    interactive,
  };
}
