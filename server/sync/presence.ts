import { encodeAwarenessFrame, type AwarenessEntry } from '#lib/protocol/frames.ts';
import type { Peer } from './peer.ts';
import { Allowance, type Rate } from './rate-limit.ts';

/** How often one connection's state is told to everybody else; a pointer that moves looks smooth at this. */
const STATE_RATE: Rate = { burst: 20, perSecond: 20 };
/** How long a state that came too soon is held back, unless a later one takes its place. */
const HELD_MS = 1_000 / STATE_RATE.perSecond;
/** Entries of one person in one room: some tabs on some devices. Further ones stay unseen until another has left. */
export const ENTRIES_PER_PERSON_MAX = 20;

type State = Readonly<Record<string, unknown>>;

export interface PresenceOptions {
  readonly now: () => number;
  /** A state that was held back has become news: flush soon. */
  readonly onDue: () => void;
}

interface Here {
  readonly peer: Peer;
  readonly clientId: number;
  readonly json: string;
  readonly clock: number;
}

/**
 * Who is in one room. Each peer has at most one entry, under a client id that nobody else here has; the `user` part is
 * stamped from the session, and the clock is the server's, so that nobody speaks for another or sends them away.
 */
export class Presence {
  readonly #byPeer = new Map<Peer, Here>();
  readonly #byClientId = new Map<number, Peer>();
  /** Entries to be sent, by client id; the last one wins. `peer` is left out: its own state must not come back to it. */
  readonly #news = new Map<number, { readonly peer: Peer | null; readonly entry: AwarenessEntry }>();
  readonly #allowances = new WeakMap<Peer, Allowance>();
  /** States that came too soon; the last one of each peer, so that nobody ends up with an older one. */
  readonly #held = new Map<Peer, { readonly clientId: number; readonly state: State }>();
  readonly #options: PresenceOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #clock = 0;

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** Takes a state from a peer; what is not its own is ignored, because stock clients echo what others sent. */
  set(peer: Peer, clientId: number, state: State | null, nowMs: number): void {
    const mine = this.#byPeer.get(peer);
    if (mine && mine.clientId !== clientId) return;
    if (state === null) return this.remove(peer, nowMs);
    if (!mine && this.#entriesOf(peer) >= ENTRIES_PER_PERSON_MAX) return;
    if (!this.#mayTell(peer, nowMs)) return this.#hold(peer, clientId, state);
    this.#held.delete(peer);
    const holder = this.#byClientId.get(clientId);
    if (holder && holder !== peer) {
      // A reconnect overtakes the old socket of the same person; anybody else's id is not to be had.
      if (holder.user.userId !== peer.user.userId) return;
      this.#byPeer.delete(holder);
    }
    const { userId, userName } = peer.user;
    const json = JSON.stringify({ ...state, user: { id: userId, name: userName } });
    const here: Here = { peer, clientId, json, clock: this.#nextClock(nowMs) };
    this.#byPeer.set(peer, here);
    this.#byClientId.set(clientId, peer);
    this.#news.set(clientId, { peer, entry: entryOf(here) });
  }

  remove(peer: Peer, nowMs: number): void {
    this.#held.delete(peer);
    if (this.#held.size === 0) this.#stopTimer();
    const here = this.#byPeer.get(peer);
    if (!here) return;
    this.#byPeer.delete(peer);
    this.#byClientId.delete(here.clientId);
    const entry = { clientId: here.clientId, clock: this.#nextClock(nowMs), json: 'null' };
    this.#news.set(here.clientId, { peer: null, entry });
  }

  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  /** Sends what is new to these peers, encoded once for all who have no part in it. */
  flush(peers: Iterable<Peer>): void {
    const news = [...this.#news.values()];
    this.#news.clear();
    if (news.length === 0) return;
    const authors = new Set(news.map((one) => one.peer));
    const shared = encodeAwarenessFrame(news.map((one) => one.entry));
    for (const peer of peers) {
      if (!authors.has(peer)) {
        peer.send(shared);
        continue;
      }
      const others = news.filter((one) => one.peer !== peer).map((one) => one.entry);
      if (others.length > 0) peer.send(encodeAwarenessFrame(others));
    }
  }

  /** The frame that tells a joiner who is here; null: nobody. */
  everybody(): Uint8Array<ArrayBuffer> | null {
    const entries = [...this.#byPeer.values()].map(entryOf);
    return entries.length > 0 ? encodeAwarenessFrame(entries) : null;
  }

  #entriesOf({ user }: Peer): number {
    let count = 0;
    for (const { userId } of [...this.#byPeer.keys()].map((peer) => peer.user)) {
      if (userId === user.userId) count += 1;
    }
    return count;
  }

  #mayTell(peer: Peer, nowMs: number): boolean {
    const allowance = this.#allowances.get(peer) ?? new Allowance(STATE_RATE, nowMs);
    this.#allowances.set(peer, allowance);
    return allowance.take(1, nowMs);
  }

  #hold(peer: Peer, clientId: number, state: State): void {
    this.#held.set(peer, { clientId, state });
    this.#timer ??= setTimeout(() => this.#release(), HELD_MS);
  }

  #release(): void {
    this.#stopTimer();
    const held = [...this.#held];
    this.#held.clear();
    // Those for whom it is still too soon are held again.
    for (const [peer, { clientId, state }] of held) this.set(peer, clientId, state, this.#options.now());
    if (this.hasNews) this.#options.onDue();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /**
   * Starts at the time of day and not at 0: a browser remembers the clocks of those it has seen, also across a restart
   * of the server, and would ignore lower ones.
   */
  #nextClock(nowMs: number): number {
    this.#clock = Math.max(this.#clock + 1, nowMs);
    return this.#clock;
  }
}

function entryOf(here: Here): AwarenessEntry {
  return { clientId: here.clientId, clock: here.clock, json: here.json };
}
