import type { Struct, StructId } from './item-update.ts';

export interface OrderSource {
  /** All structs of the update, those of each client in the order of their clocks, without a hole. */
  readonly byClient: ReadonlyMap<number, readonly Struct[]>;
  /** The first clock of a client that the document does not have. */
  readonly known: (client: number) => number;
}

/**
 * Whether Yjs can put the structs of an update into their places one after the other. It takes those of a client in turn
 * and waits with one until its neighbours and its parent are there (`integrateStructs` in yjs/src/utils/encoding.js), so
 * structs that wait for each other would wait for ever; and it does not look at what a struct names of its own client,
 * but throws where that comes later. Everything named must be in the document or in the update.
 */
export function canBePutInOrder(source: OrderSource): boolean {
  let isWaiting = false;
  for (const [client, structs] of source.byClient) {
    const known = source.known(client);
    for (const struct of structs) {
      for (const named of namedBy(struct)) {
        if (named.client !== client) isWaiting ||= named.clock >= source.known(named.client);
        else if (named.clock >= Math.max(known, struct.id.clock)) return false;
      }
    }
  }
  // What stands on what is there already, as nearly all does, needs no order.
  return !isWaiting || new Order(source).exists();
}

/** One struct after the other, as Yjs takes them; it ends at the first that comes back to where it began. */
class Order {
  readonly #source: OrderSource;
  /** By client: how many of its structs are in their places, and up to which clock. */
  readonly #placed = new Map<number, { count: number; clock: number }>();

  constructor(source: OrderSource) {
    this.#source = source;
    for (const client of source.byClient.keys())
      this.#placed.set(client, { count: 0, clock: source.known(client) });
  }

  exists(): boolean {
    for (const [client, structs] of this.#source.byClient) {
      while ((this.#placed.get(client)?.count ?? 0) < structs.length) {
        if (!this.#placeNext(client)) return false;
      }
    }
    return true;
  }

  /** Places the next struct of this client, and before it all that it waits for. */
  #placeNext(client: number): boolean {
    const waiting = [client];
    const isWaiting = new Set(waiting);
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      const placed = this.#placed.get(top);
      const struct = this.#source.byClient.get(top)?.[placed?.count ?? 0];
      if (!placed || !struct) return false;
      const missing = namedBy(struct).find((named) => named.client !== top && !this.#isPlaced(named));
      if (missing) {
        if (isWaiting.has(missing.client)) return false;
        waiting.push(missing.client);
        isWaiting.add(missing.client);
      } else {
        placed.count += 1;
        placed.clock = Math.max(placed.clock, struct.id.clock + struct.length);
        isWaiting.delete(top);
        waiting.pop();
      }
    }
    return true;
  }

  #isPlaced({ client, clock }: StructId): boolean {
    return clock < (this.#placed.get(client)?.clock ?? this.#source.known(client));
  }
}

function namedBy({ origin, rightOrigin, parent }: Struct): StructId[] {
  const named: StructId[] = [];
  if (origin) named.push(origin);
  if (rightOrigin) named.push(rightOrigin);
  if (parent !== null && typeof parent !== 'string') named.push(parent);
  return named;
}
