import * as Y from 'yjs';
import type { Hello } from '#lib/protocol/messages.ts';
import type { FactValue } from '#lib/workflow/definition.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { ChangeSignal } from './change-signal.ts';
import { Checklist } from './checklist.ts';
import { browserEnvironment } from './environment.ts';
import type { PageChange, SyncEnvironment } from './environment.ts';
import { ItemContent } from './item-content.ts';
import type { ItemContentOptions } from './item-content.ts';
import { emptyCopy, moveCopy, moveLate } from './item-move.ts';
import { openItemCopy } from './item-store.ts';
import type { ItemCopy, ItemStore } from './item-store.ts';
import { ItemUplink } from './item-uplink.ts';
import { decodeKnown } from './known-content.ts';
import { SessionFreshness } from './session-freshness.ts';
import type { SessionStatus, StorageStatus } from './session-status.ts';
import { TabChannel } from './tab-channel.ts';
import { TextCarets } from './text-carets.ts';
import { UnsavedMark } from './unsaved-mark.ts';
import { unsentContent } from './unsent-content.ts';
import type { UnsentContent } from './unsent-content.ts';

export interface ItemSessionOptions {
  readonly itemId: ItemId;
  readonly user: { readonly id: UserId; readonly name: string };
  /** Of the page: `https://board.example.org`; the socket's URL is made from it. */
  readonly origin: string;
  readonly now: () => number;
  /** For tests. y-indexeddb knows the global IndexedDB only. */
  readonly environment?: Partial<SyncEnvironment>;
}

/** How long what is typed may go into a copy that another tab has moved on. */
const LOOK_AFTER_MS = 500;

type Stored = Pick<ItemContentOptions, 'doc' | 'persistence' | 'epoch' | 'known'>;

/**
 * One tab's end of one item document: what people write together. It is written at once, kept in IndexedDB, and merged
 * with what the others write, now or when the network is back. When the server begins a new epoch of the document, what
 * is unsent moves over to it; `document` and what is read from it are other objects then.
 */
export class ItemSession {
  /** Of the description: where others write in it, and where this tab does. */
  readonly carets = new TextCarets();
  readonly #options: ItemSessionOptions;
  readonly #store: ItemStore | null;
  readonly #unsaved: UnsavedMark;
  readonly #tabs: TabChannel;
  readonly #signal = new ChangeSignal();
  readonly #freshness: SessionFreshness;
  readonly #stopListening: () => void;
  readonly #uplink: ItemUplink;
  #content: ItemContent;
  #storage: StorageStatus;
  #looking: ReturnType<typeof setTimeout> | null = null;
  /** Resolves when what was last on its way to the disk is there. */
  #written: Promise<void> = Promise.resolve();
  #isMoving = false;
  #isDestroyed = false;

  /** Resolves when what IndexedDB holds is readable; the connection is made afterwards, in the background. */
  static async open(options: ItemSessionOptions): Promise<ItemSession> {
    const environment = { ...browserEnvironment(), ...options.environment };
    const { itemId, user, now } = options;
    const copy = await openItemCopy({ itemId, userId: user.id, now, environment });
    const session = new ItemSession(options, environment, copy);
    session.#uplink.connect();
    return session;
  }

  private constructor(options: ItemSessionOptions, environment: SyncEnvironment, stored: ItemCopy) {
    this.#options = options;
    this.#store = stored.store;
    this.#storage = stored.storage;
    this.#freshness = new SessionFreshness({
      now: options.now,
      isOnline: () => environment.page.isOnline(),
      onChange: () => this.#signal.notify(),
    });
    this.#unsaved = new UnsavedMark({
      isUnsaved: stored.store?.record.hasUnsaved ?? false,
      askServer: () => this.#uplink.askWhetherSaved(),
      onChange: (isUnsaved) => this.#onUnsaved(isUnsaved),
    });
    this.#uplink = new ItemUplink({
      ...{ itemId: options.itemId, userId: options.user.id, origin: options.origin, environment },
      ...{ freshness: this.#freshness, unsaved: this.#unsaved },
      content: () => this.#content,
      onLink: (awareness) => this.carets.attach(awareness, this.description),
      onHello: () => this.#signal.notify(),
      onAdopted: (epoch) => this.#adopt(epoch),
      onDisowned: () => this.#disown(),
      onRead: (doc, epoch) => void this.#moveTo(doc, epoch),
    });
    this.#tabs = new TabChannel(environment, options.user.id, (message) => {
      if (this.#isDestroyed) return;
      if (message.kind === 'signedOut') this.#uplink.end('signedOut');
      const isOurs = message.kind === 'itemSaved' && message.itemId === options.itemId;
      if (isOurs && this.#unsaved.isUnsaved) this.#note(true);
    });
    const record = stored.store?.record;
    const known = decodeKnown(record?.known ?? null);
    this.#content = this.#newContent({ ...stored, epoch: record?.epoch ?? 0, known });
    this.#stopListening = environment.page.listen((change) => this.#onPage(change));
  }

  get document(): Y.Doc {
    return this.#content.doc;
  }

  /** As the document holds them: not checked against the workflow's fields. The same object until the document changes. */
  facts(): Readonly<Record<string, FactValue>> {
    return this.#content.facts();
  }

  /** Null removes it. Setting what is there already writes nothing. */
  setFact(key: string, value: FactValue | null): void {
    this.#content.setFact(key, value);
  }

  get description(): Y.Text {
    return this.#content.description;
  }

  get checklist(): Checklist {
    return new Checklist(this.#content.doc);
  }

  get status(): SessionStatus {
    return this.#freshness.status;
  }

  /** Of the last connection, with this person's role; null until the first one. */
  get hello(): Hello | null {
    return this.#uplink.hello;
  }

  get storage(): StorageStatus {
    return this.#storage;
  }

  /** False: something was written in this browser that the server is not known to have read. */
  get isSaved(): boolean {
    return !this.#unsaved.isUnsaved;
  }

  /** What the server is not known to have, to be copied by hand when it has refused it. */
  unsentContent(): UnsentContent {
    return unsentContent(this.#content.doc, this.#content.known);
  }

  /** After `noSuchBoard`: the item may have been created on the server meanwhile. Does nothing in other states. */
  retry(): void {
    if (this.#freshness.ended !== 'noSuchBoard' || this.#isDestroyed) return;
    this.#freshness.reopen();
    this.#uplink.connect();
  }

  /** After `refusedContent`: throws away this browser's copy, and closes. Open a new session afterwards. */
  async discard(): Promise<void> {
    await this.#store?.forget().catch(() => undefined);
    this.#tellNoted();
    await this.#content.clear();
    this.destroy();
  }

  /** Called after anything readable here has changed, at most once per turn of the event loop. */
  subscribe(listener: () => void): () => void {
    return this.#signal.subscribe(listener);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    if (this.#looking !== null) clearTimeout(this.#looking);
    this.#uplink.destroy();
    this.#freshness.stop();
    this.#stopListening();
    this.#signal.destroy();
    void this.#written.then(() => this.#tabs.close());
    this.#unsaved.close();
    this.#content.leave();
    this.carets.destroy();
    this.#store?.close();
  }

  #adopt(epoch: number): void {
    this.#content.epoch = epoch;
    void this.#store?.adopt(epoch).catch(() => undefined);
  }

  async #disown(): Promise<void> {
    this.#content.epoch = 0;
    await this.#store?.disown().catch(() => undefined);
  }

  /**
   * Another tab has moved the copy on while this one was frozen, or did not hear of it: what is typed here from now on
   * would stay in a file that nobody opens.
   */
  async #followIfLeft(): Promise<void> {
    const store = this.#store;
    if (!store?.isLeftBehind || this.#isMoving || this.#isDestroyed || this.#freshness.ended !== null) return;
    const { doc, epoch } = emptyCopy(store);
    await this.#moveTo(doc, epoch);
  }

  async #moveTo(doc: Y.Doc, epoch: number): Promise<void> {
    this.#isMoving = true;
    this.#uplink.disconnect();
    const { doc: fromDoc, epoch: fromEpoch, known } = this.#content;
    const from = { epoch: fromEpoch, doc: fromDoc, known };
    const move = { from, hasUnsaved: this.#unsaved.isUnsaved, to: { epoch, doc } };
    const moved = await moveCopy(this.#store, this.#storage, move);
    this.#isMoving = false;
    this.#tellNoted();
    this.#storage = moved.storage;
    if (this.#isDestroyed || this.#freshness.ended !== null) {
      moved.doc.destroy();
      return;
    }
    // Typed while the disk was written to. From here to the end nothing can come in between.
    const isLate = moveLate(this.#content.doc, moved);
    this.#content.leave();
    this.#unsaved.begin(moved.hasUnsaved || isLate);
    this.#content = this.#newContent(moved);
    if (isLate) this.#note(true);
    this.#signal.notify();
    this.#uplink.connect();
  }

  #newContent({ doc, persistence, epoch, known }: Stored): ItemContent {
    return new ItemContent({
      ...{ doc, persistence, epoch, known },
      isUnsaved: () => this.#unsaved.isUnsaved,
      serverOrigin: () => this.#uplink.origin,
      onChange: () => this.#signal.notify(),
      onOwn: () => {
        this.#unsaved.mark();
        this.#lookSoon();
      },
      onReceived: () => this.#note(true),
    });
  }

  #onUnsaved(isUnsaved: boolean): void {
    this.#note(isUnsaved);
    this.#signal.notify();
    if (!isUnsaved) this.#tabs.post({ kind: 'itemSaved', itemId: this.#options.itemId });
  }

  /** Where it cannot be written, nothing else is kept either, and `storage` says so. */
  #note(hasUnsaved: boolean): void {
    const { epoch, doc, known: noted } = this.#content;
    const known = hasUnsaved ? noted : Y.snapshot(doc);
    this.#withStore(async (store) => {
      await store.note({ hasUnsaved, known, epoch });
      this.#tellNoted();
    });
  }

  #tellNoted(): void {
    this.#tabs.post({ kind: 'itemNoted', itemId: this.#options.itemId });
  }

  /** No event says for certain that a tab was frozen; that somebody types in it does. */
  #lookSoon(): void {
    this.#looking ??= setTimeout(() => {
      this.#looking = null;
      this.#withStore(async (store) => await store.look());
    }, LOOK_AFTER_MS);
  }

  #withStore(act: (store: ItemStore) => Promise<void>): void {
    const store = this.#store;
    if (!store || this.#storage.kind !== 'ok') return;
    this.#written = act(store)
      .then(() => this.#followIfLeft())
      .catch(() => undefined);
  }

  #onPage(change: PageChange): void {
    if (change === 'wake') {
      this.#uplink.wake();
      this.#withStore(async (store) => await store.look());
    }
    if (change === 'offline') {
      this.#freshness.lost();
      // The socket would notice only after seconds. Should it work all the same, the answer makes it live again.
      this.#uplink.requestSync();
    }
    this.#freshness.look();
  }
}
