import { AsyncLocalStorage } from 'node:async_hooks';

/** Something that runs and can be ended without a word: a tab, a server process. Its timers end with it. */
export interface Process {
  isAlive: boolean;
}

interface Timer {
  readonly id: number;
  readonly process: Process | undefined;
  readonly run: () => void;
  readonly everyMs: number | null;
  atMs: number;
}

const nextRealTurn = globalThis.setImmediate;
const inProcess = new AsyncLocalStorage<Process>();

/**
 * The only time there is in a run: it moves when the simulation says so, and then runs what is due, in order. While it
 * is installed the timers of the global scope are these, so that the real code of both ends runs by it unchanged.
 */
export class SimulatedTime {
  /** The true time, which no clock in the run is sure to show: when every run begins, to start with. */
  nowMs = Date.UTC(2026, 10, 23, 9, 30);
  #timers: Timer[] = [];
  #immediates: (() => void)[] = [];
  #lastId = 0;

  /** Puts these timers in the place of the real ones, until the returned function is called. */
  install(): () => void {
    const names = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'] as const;
    const real = names.map((name) => [name, globalThis[name]] as const);
    const start =
      (isRepeated: boolean) =>
      (run: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) =>
        this.#start(() => run(...given), ms ?? 0, isRepeated);
    const stop = (timer?: { id: number }) => {
      this.#timers = this.#timers.filter(({ id }) => id !== timer?.id);
    };
    const soon = (run: (...given: unknown[]) => void, ...given: unknown[]) => {
      const process = inProcess.getStore();
      this.#immediates.push(() => runIn(process, () => run(...given)));
    };
    Object.assign(globalThis, {
      setTimeout: start(false),
      setInterval: start(true),
      clearTimeout: stop,
      clearInterval: stop,
      setImmediate: soon,
    });
    return () => void Object.assign(globalThis, Object.fromEntries(real));
  }

  /** Runs as a part of this process: what it starts now or after an `await` belongs to it. */
  run<Value>(process: Process, run: () => Value): Value {
    return inProcess.run(process, run);
  }

  /** Lets everything happen that needs no time: promises, and what IndexedDB does. */
  async settle(): Promise<void> {
    do await new Promise((resolve) => nextRealTurn(resolve));
    while (this.#runImmediates());
  }

  /** Moves on, stopping at each moment at which something is due. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.nowMs + byMs;
    for (;;) {
      const next = this.#nextDue(endMs);
      if (!next) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      if (next.everyMs === null) this.#timers = this.#timers.filter((timer) => timer !== next);
      else next.atMs += Math.max(1, next.everyMs);
      runIn(next.process, next.run);
      await this.settle();
    }
    this.nowMs = endMs;
  }

  #nextDue(endMs: number): Timer | null {
    let first: Timer | null = null;
    this.#timers = this.#timers.filter(({ process }) => process?.isAlive !== false);
    // The first of equals wins, so that timers of one moment run in the order they were set.
    for (const timer of this.#timers)
      if (timer.atMs <= endMs && (!first || timer.atMs < first.atMs)) first = timer;
    return first;
  }

  #start(run: () => void, ms: number, isRepeated: boolean): { id: number; unref: () => void } {
    this.#lastId += 1;
    const id = this.#lastId;
    const everyMs = isRepeated ? ms : null;
    this.#timers.push({ id, process: inProcess.getStore(), run, everyMs, atMs: this.nowMs + ms });
    return { id, unref: () => undefined };
  }

  #runImmediates(): boolean {
    const due = this.#immediates;
    this.#immediates = [];
    for (const run of due) run();
    return due.length > 0;
  }
}

function runIn(process: Process | undefined, run: () => void): void {
  if (process) inProcess.run(process, run);
  else run();
}
