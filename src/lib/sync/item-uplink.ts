import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { closeName } from '#lib/protocol/close-codes.ts';
import type { Heartbeat, Hello } from '#lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import type { SyncEnvironment } from './environment.ts';
import type { ItemContent } from './item-content.ts';
import { ItemLink } from './item-link.ts';
import { Lag, readEpoch } from './item-renewal.ts';
import type { SessionFreshness } from './session-freshness.ts';
import type { EndedWhy } from './session-status.ts';
import type { UnsavedMark } from './unsaved-mark.ts';
import { unsentContent, type UnsentContent } from './unsent-content.ts';

export interface ItemUplinkOptions {
  readonly itemId: ItemId;
  readonly userId: UserId;
  readonly origin: string;
  readonly environment: SyncEnvironment;
  readonly freshness: SessionFreshness;
  readonly unsaved: UnsavedMark;
  /** As it is by now: another one after a move. */
  readonly content: () => ItemContent;
  /** A new connection of the content begins; what is told there of this tab goes with it. */
  readonly onLink: (awareness: Awareness) => void;
  readonly onHello: () => void;
  /** The copy, which holds only what was written here, goes with this epoch. */
  readonly onAdopted: (epoch: number) => void;
  /** Nobody knows any more which epoch the copy is of. */
  readonly onDisowned: () => Promise<void>;
  /** All of a new epoch was read, and the connection is gone: `connect` when the content has moved there. */
  readonly onRead: (doc: Y.Doc, epoch: number) => void;
}

const RECONNECT_MS_MAX = 1_000;

/** What connects one open item document with the server, from one epoch to the next. */
export class ItemUplink {
  readonly #options: ItemUplinkOptions;
  readonly #lag: Lag;
  #link: ItemLink | null = null;
  #hello: Hello | null = null;
  /** The server has answered what this connection asked for first, and so taken the copy for one of its epoch. */
  #isAnswered = false;
  /** What was written before anything of the item had been read. */
  #blind: UnsentContent['facts'] = {};
  #isDestroyed = false;

  constructor(options: ItemUplinkOptions) {
    this.#options = options;
    this.#lag = new Lag(options.environment.monotonicNow);
  }

  /** Of the last connection; null until the first one. */
  get hello(): Hello | null {
    return this.#hello;
  }

  /** The transaction origin of what comes from the server. */
  get origin(): unknown {
    return this.#link?.connection.origin;
  }

  connect(): void {
    this.#link = new ItemLink({
      ...this.#linkOptions,
      doc: this.#options.content().doc,
      handlers: {
        hello: (hello) => this.#onHello(hello),
        heartbeat: (heartbeat) => this.#onHeartbeat(heartbeat),
        synced: () => this.#onSynced(),
        down: (code) => this.#onDown(code),
        closed: (code) => this.#onClosed(code),
      },
    });
    this.#options.onLink(this.#link.awareness);
  }

  disconnect(): void {
    this.#link?.destroy();
    this.#link = null;
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.disconnect();
  }

  wake(): void {
    this.#link?.connection.wake();
  }

  requestSync(): void {
    this.#link?.connection.requestSync();
  }

  /** Whether the server has all; false: it cannot be asked, or does not have what was written before. */
  askWhetherSaved(): boolean {
    const connection = this.#link?.connection;
    return connection?.hasSentContent ? connection.requestSync() : false;
  }

  end(why: EndedWhy): false {
    this.#options.freshness.end(why);
    this.disconnect();
    return false;
  }

  get #linkOptions() {
    const { origin, itemId, environment } = this.#options;
    return { origin, itemId, environment };
  }

  #onHello(hello: Hello): boolean {
    if (!this.#welcomes(hello)) return false;
    const { epoch } = this.#options.content();
    if (epoch === 0) this.#adopt(hello.epoch);
    else if (this.#lag.isBehind(hello.epoch < epoch)) return this.#comeBack();
    else if (hello.epoch !== epoch) return this.#renew();
    return true;
  }

  #adopt(epoch: number): void {
    const { unsaved, content } = this.#options;
    const { doc, known } = content();
    this.#blind = unsaved.isUnsaved ? unsentContent(doc, known).facts : {};
    this.#options.onAdopted(epoch);
  }

  #welcomes(hello: Hello): boolean {
    if (hello.protocol !== PROTOCOL_VERSION) return this.end('outdated');
    // Somebody else has signed in: nothing of this user may be sent in their name.
    if (hello.user.id !== this.#options.userId) return this.end('signedOut');
    this.#hello = hello;
    this.#isAnswered = false;
    this.#options.freshness.greeted();
    this.#options.onHello();
    return true;
  }

  /** To another node perhaps, or to this one when it has heard of what this tab has heard. */
  #comeBack(): false {
    this.#link?.connection.reconnectIn(this.#waitMs());
    return false;
  }

  /** The server has begun a new epoch, and all of it is read first. */
  #renew(): false {
    const { unsaved, freshness, onRead } = this.#options;
    this.disconnect();
    unsaved.lost();
    this.#link = readEpoch({
      link: this.#linkOptions,
      accepts: (hello) => this.#welcomes(hello) && this.#isNext(hello.epoch),
      onOther: () => void this.#renew(),
      onRead: (doc, epoch) => {
        this.disconnect();
        onRead(doc, epoch);
      },
      handlers: {
        heartbeat: (heartbeat) => void freshness.heartbeat(heartbeat),
        down: (code) => freshness.down(code),
        closed: (code) => this.#onClosed(code),
      },
    });
    return false;
  }

  #isNext(next: number): boolean {
    const { epoch } = this.#options.content();
    if (this.#lag.isBehind(epoch !== 0 && next <= epoch)) return this.#comeBack();
    if (next !== epoch) return true;
    // There is none after all.
    this.disconnect();
    this.connect();
    return false;
  }

  #onHeartbeat(heartbeat: Heartbeat): void {
    this.#options.freshness.heartbeat(heartbeat);
    this.#options.unsaved.look();
  }

  #onSynced(): void {
    this.#isAnswered = true;
    // Of two writes that knew nothing of each other Yjs keeps either; whoever wrote this one saw the other on the board.
    for (const [key, value] of Object.entries(this.#blind)) this.#options.content().setFact(key, value);
    this.#blind = {};
    this.#options.unsaved.answered();
    this.#options.freshness.live();
  }

  #onDown(code: number): void {
    this.#options.unsaved.lost();
    this.#options.freshness.down(code);
  }

  #onClosed(code: number): void {
    const name = closeName(code);
    if (name === 'signedOut') this.end('signedOut');
    else if (name === 'notFound') this.end('noSuchBoard');
    else if (name === 'epochOver') this.#onEpochOver();
    else if (name === 'contentRefused' || name === 'tooLarge') this.end('refusedContent');
    else this.end('outdated');
  }

  #onEpochOver(): void {
    const isOlderThanNoted = !this.#isAnswered && this.#hello?.epoch === this.#options.content().epoch;
    if (isOlderThanNoted) void this.#disown();
    else this.#reconnectSoon();
  }

  /** A tab may have died before it could note which epoch its copy is of. */
  async #disown(): Promise<void> {
    await this.#options.onDisowned();
    if (!this.#isDestroyed && this.#options.freshness.ended === null) this.#renew();
  }

  /** Hello says what to do about it; not all at once, because everybody who has it open is told at the same time. */
  #reconnectSoon(): void {
    const link = this.#link;
    setTimeout(() => link?.connection.reconnect(), this.#waitMs());
  }

  #waitMs(): number {
    return this.#options.environment.random() * RECONNECT_MS_MAX;
  }
}
