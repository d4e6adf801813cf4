import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** After everything that nobody holds any more is gone: what finalizers let go of takes a turn of its own. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export async function heapBytes(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Sockets, servers, timers and channels that this process has open, by kind. */
export function openResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind !== 'Immediate') counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Listeners that somebody has put on the process itself. */
export function processListeners(): number {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
}

/** Follows objects without holding them. */
export class Held<Thing extends object> {
  readonly #refs: WeakRef<Thing>[] = [];

  add(thing: Thing): void {
    this.#refs.push(new WeakRef(thing));
  }

  /** How many of them somebody still holds. */
  async count(): Promise<number> {
    await collectGarbage();
    return this.#refs.filter((ref) => ref.deref() !== undefined).length;
  }
}
