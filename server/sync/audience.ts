import type { CloseCode } from '#lib/protocol/close-codes.ts';
import type { Peer } from './peer.ts';

/** Heartbeats are not sent to all at once, which would hold the event loop, but to one part after the other. */
export const HEARTBEAT_PARTS = 25;

type Frame = Uint8Array<ArrayBuffer>;

interface Member {
  hasDocument: boolean;
  /** When in each interval it gets its heartbeat. */
  readonly part: number;
}

/** Whoever comes next gets it in this part. Of all rooms of the process: most of a thousand boards have one visitor. */
let nextPart = 0;

/** Who is connected to one room, and which of them have its document and so get its changes. */
export class Audience {
  readonly #members = new Map<Peer, Member>();
  readonly #onLeft: (peer: Peer) => void;
  /** Frames for one peer each, which leave with the next change. */
  #answers = new Map<Peer, Frame[]>();

  /** `onLeft`: called for everybody who was here and no longer is, for whatever reason. */
  constructor(onLeft: (peer: Peer) => void = () => {}) {
    this.#onLeft = onLeft;
  }

  get size(): number {
    return this.#members.size;
  }

  has(peer: Peer): boolean {
    return this.#members.has(peer);
  }

  get peers(): Iterable<Peer> {
    return this.#members.keys();
  }

  admit(peer: Peer, greeting: readonly Frame[]): void {
    this.#members.set(peer, { hasDocument: false, part: nextPart });
    nextPart = (nextPart + 1) % HEARTBEAT_PARTS;
    for (const frame of greeting) peer.send(frame);
  }

  leave(peer: Peer): void {
    if (!this.#members.delete(peer)) return;
    this.#answers.delete(peer);
    this.#onLeft(peer);
  }

  dismiss(peer: Peer, code: CloseCode): void {
    this.leave(peer);
    peer.close(code);
  }

  dismissWhere(isMeant: (peer: Peer) => boolean, code: CloseCode): void {
    for (const peer of [...this.#members.keys()]) if (isMeant(peer)) this.dismiss(peer, code);
  }

  dismissAll(code: CloseCode): void {
    this.dismissWhere(() => true, code);
  }

  /** Sends the document; every change from now on follows it. True: the peer had none before. */
  giveDocument(peer: Peer, frame: Frame, options: { readonly isFullState: boolean }): boolean {
    const member = this.#members.get(peer);
    if (!member) return false;
    const isFirst = !member.hasDocument;
    member.hasDocument = true;
    peer.send(frame, options);
    return isFirst;
  }

  /**
   * To everybody, or only to one of the `HEARTBEAT_PARTS`, whether they have the document or not. `frame` is made once,
   * and not at all where it is nobody's turn.
   */
  tellHeartbeat(frame: () => Frame, part: number | null): void {
    let made: Frame | null = null;
    for (const [peer, member] of this.#members)
      if (part === null || member.part === part) peer.send((made ??= frame()));
  }

  /** A change, to all who have the document; `except`: whoever made it and so has it. */
  tellChange(frame: Frame, except: Peer | null = null): void {
    for (const [peer, { hasDocument }] of this.#members) if (hasDocument && peer !== except) peer.send(frame);
  }

  /** Leaves with the next `flush`, after the change that shows what it is about. */
  answerWithNext(peer: Peer, answer: Frame): void {
    const own = this.#answers.get(peer) ?? [];
    own.push(answer);
    this.#answers.set(peer, own);
  }

  /** Sends a change, null where there is none, and the answers that wait for it. */
  flush(change: Frame | null): void {
    const answers = this.#answers;
    this.#answers = new Map();
    for (const [peer, { hasDocument }] of this.#members) {
      const own = answers.get(peer);
      if (own) peer.sendAll(change && hasDocument ? [change, ...own] : own);
      else if (change && hasDocument) peer.send(change);
    }
  }
}
