import { IndexeddbPersistence } from 'y-indexeddb';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { closeName } from '#lib/protocol/close-codes.ts';
import type { Heartbeat, Hello } from '#lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';
import type { FactValue } from '#lib/workflow/definition.ts';
import type { ItemId, UserId } from '#lib/workflow/ids.ts';
import { ChangeSignal } from './change-signal.ts';
import { Connection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { browserEnvironment } from './environment.ts';
import type { PageChange, SyncEnvironment } from './environment.ts';
import { SessionFreshness } from './session-freshness.ts';
import type { EndedWhy, SessionStatus, StorageStatus } from './session-status.ts';
import { TabChannel } from './tab-channel.ts';
import { UnsavedMark } from './unsaved-mark.ts';
import { itemDatabaseName, openUserDatabase } from './user-database.ts';
import type { UserDatabase } from './user-database.ts';

export interface ItemSessionOptions {
  readonly itemId: ItemId;
  readonly user: { readonly id: UserId; readonly name: string };
  /** Of the page: `https://board.example.org`; the socket's URL is made from it. */
  readonly origin: string;
  readonly now: () => number;
  /** For tests. y-indexeddb knows the global IndexedDB only. */
  readonly environment?: Partial<SyncEnvironment>;
}

const LOAD_TIMEOUT_MS = 3_000;
const RECONNECT_MS_MAX = 1_000;

/**
 * One tab's end of one item document: what people write together. It is written at once, kept in IndexedDB, and merged
 * with what the others write, now or when the network is back.
 */
export class ItemSession {
  readonly #options: ItemSessionOptions;
  readonly #environment: SyncEnvironment;
  readonly #doc: Y.Doc;
  readonly #persistence: IndexeddbPersistence | null;
  readonly #database: UserDatabase | null;
  readonly #storage: StorageStatus;
  readonly #unsaved: UnsavedMark;
  readonly #tabs: TabChannel;
  readonly #signal = new ChangeSignal();
  readonly #freshness: SessionFreshness;
  readonly #stopListening: () => void;
  #awareness: Awareness | null = null;
  #connection: Connection | null = null;
  #facts: Readonly<Record<string, FactValue>> | null = null;
  #hello: Hello | null = null;
  #isDestroyed = false;

  /** Resolves when what IndexedDB holds is readable; the connection is made afterwards, in the background. */
  static async open(options: ItemSessionOptions): Promise<ItemSession> {
    const environment = { ...browserEnvironment(), ...options.environment };
    // The server asks for it: what one browser has garbage-collected could not be checked any more.
    const doc = new Y.Doc({ gc: false });
    const stored = await openStored(options, environment, doc);
    const session = new ItemSession(options, environment, doc, stored);
    session.#connect();
    return session;
  }

  private constructor(
    options: ItemSessionOptions,
    environment: SyncEnvironment,
    doc: Y.Doc,
    stored: StoredDocument,
  ) {
    this.#options = options;
    this.#environment = environment;
    this.#doc = doc;
    this.#database = stored.database;
    this.#persistence = stored.persistence;
    this.#storage = stored.storage;
    this.#freshness = new SessionFreshness({
      now: options.now,
      isOnline: () => environment.page.isOnline(),
      onChange: () => this.#signal.notify(),
    });
    this.#unsaved = new UnsavedMark({
      itemId: options.itemId,
      database: stored.database,
      isUnsaved: stored.hasUnsaved,
      askServer: () => (this.#connection?.hasSentContent ? this.#connection.requestSync() : false),
      onChange: () => this.#signal.notify(),
    });
    this.#tabs = new TabChannel(environment, options.user.id, (message) => {
      if (message.kind === 'signedOut') this.#end('signedOut');
    });
    doc.on('update', this.#onUpdate);
    this.#stopListening = environment.page.listen((change) => this.#onPage(change));
  }

  get document(): Y.Doc {
    return this.#doc;
  }

  /** As the document holds them: not checked against the workflow's fields. The same object until the document changes. */
  facts(): Readonly<Record<string, FactValue>> {
    return (this.#facts ??= readFacts(this.#factsMap));
  }

  /** Null removes it. Setting what is there already writes nothing. */
  setFact(key: string, value: FactValue | null): void {
    if (value === null) this.#factsMap.delete(key);
    else if (this.#factsMap.get(key) !== value) this.#factsMap.set(key, value);
  }

  get description(): Y.Text {
    return this.#doc.getText('description');
  }

  get status(): SessionStatus {
    return this.#freshness.status;
  }

  /** Of the last connection, with this person's role; null until the first one. */
  get hello(): Hello | null {
    return this.#hello;
  }

  get storage(): StorageStatus {
    return this.#storage;
  }

  /** False: something was written in this browser that the server is not known to have read. */
  get isSaved(): boolean {
    return !this.#unsaved.isUnsaved;
  }

  /** All that is written here as plain text, to be copied by hand when the server has refused it. */
  copyText(): string {
    const facts = Object.entries(this.facts()).map(([key, value]) => `${key}: ${String(value)}`);
    return [...facts, '', this.description.toJSON()].join('\n').trim();
  }

  /** After `noSuchBoard`: the item may have been created on the server meanwhile. Does nothing in other states. */
  retry(): void {
    if (this.#freshness.ended !== 'noSuchBoard' || this.#isDestroyed) return;
    this.#freshness.reopen();
    this.#connect();
  }

  /** After `refusedContent`: throws away this browser's copy, and closes. Open a new session afterwards. */
  async discard(): Promise<void> {
    await this.#unsaved.forget();
    await this.#persistence?.clearData();
    this.destroy();
  }

  /** Called after anything readable here has changed, at most once per turn of the event loop. */
  subscribe(listener: () => void): () => void {
    return this.#signal.subscribe(listener);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#disconnect();
    this.#freshness.stop();
    this.#stopListening();
    this.#signal.destroy();
    this.#tabs.close();
    this.#doc.off('update', this.#onUpdate);
    // Takes y-indexeddb with it.
    this.#doc.destroy();
    void this.#unsaved.close().then(() => this.#database?.close());
  }

  get #factsMap(): Y.Map<FactValue> {
    return this.#doc.getMap('facts');
  }

  #connect(): void {
    const { origin, itemId } = this.#options;
    const awareness = new Awareness(this.#doc);
    // Who is here is told on the board's connection.
    awareness.setLocalState(null);
    this.#awareness = awareness;
    this.#connection = new Connection({
      origin,
      room: `item/${itemId}`,
      doc: this.#doc,
      awareness,
      environment: this.#environment,
      handlers: {
        hello: (hello) => this.#onHello(hello),
        heartbeat: (heartbeat) => this.#onHeartbeat(heartbeat),
        verdict: () => undefined,
        synced: () => this.#onSynced(),
        down: () => this.#onDown(),
        closed: (code) => this.#onClosed(code),
      },
    });
  }

  #disconnect(): void {
    this.#connection?.destroy();
    this.#connection = null;
    this.#awareness?.destroy();
    this.#awareness = null;
  }

  #onHello(hello: Hello): boolean {
    if (hello.protocol !== PROTOCOL_VERSION) return this.#end('outdated');
    // Somebody else has signed in: nothing of this user may be sent in their name.
    if (hello.user.id !== this.#options.user.id) return this.#end('signedOut');
    this.#hello = hello;
    this.#freshness.greeted();
    this.#signal.notify();
    return true;
  }

  #onHeartbeat(heartbeat: Heartbeat): void {
    this.#freshness.heartbeat(heartbeat);
    this.#unsaved.look();
  }

  #onSynced(): void {
    this.#unsaved.answered();
    this.#freshness.live();
  }

  #onDown(): void {
    this.#unsaved.lost();
    this.#freshness.down();
  }

  #onClosed(code: number): void {
    const name = closeName(code);
    if (name === 'signedOut') this.#end('signedOut');
    else if (name === 'notFound') this.#end('noSuchBoard');
    else if (name === 'epochOver') this.#reconnectSoon();
    else if (name === 'contentRefused' || name === 'tooLarge') this.#end('refusedContent');
    else this.#end('outdated');
  }

  /** Stored anew as one update, of the same structs: unlike a board's, this document goes on. */
  #reconnectSoon(): void {
    const waitMs = this.#environment.random() * RECONNECT_MS_MAX;
    setTimeout(() => this.#connection?.reconnect(), waitMs);
  }

  readonly #onUpdate = (_update: Uint8Array, origin: unknown): void => {
    this.#facts = null;
    const isOwn = origin !== this.#connection?.origin && origin !== this.#persistence;
    if (isOwn) this.#unsaved.mark();
    this.#signal.notify();
  };

  #onPage(change: PageChange): void {
    if (change === 'wake') this.#connection?.wake();
    if (change === 'offline') {
      this.#freshness.lost();
      // The socket would notice only after seconds. Should it work all the same, the answer makes it live again.
      this.#connection?.requestSync();
    }
    this.#freshness.look();
  }

  #end(why: EndedWhy): false {
    this.#freshness.end(why);
    this.#disconnect();
    return false;
  }
}

interface StoredDocument {
  readonly database: UserDatabase | null;
  readonly persistence: IndexeddbPersistence | null;
  readonly hasUnsaved: boolean;
  readonly storage: StorageStatus;
}

/** y-indexeddb says nothing when storage is refused, so the user's database is asked first. */
async function openStored(
  options: ItemSessionOptions,
  environment: SyncEnvironment,
  doc: Y.Doc,
): Promise<StoredDocument> {
  const { itemId, user } = options;
  let database: UserDatabase | null = null;
  try {
    database = await openUserDatabase(environment.indexedDB, user.id, () => undefined);
    const known = await database.get('item', itemId);
    // Noted before it exists, so that sign-out finds it in browsers that cannot list their databases.
    if (!known) await database.put('item', { itemId, hasUnsaved: false });
    const persistence = new IndexeddbPersistence(itemDatabaseName(user.id, itemId), doc);
    await withDeadline(persistence.whenSynced, LOAD_TIMEOUT_MS, 'IndexedDB');
    return { database, persistence, hasUnsaved: known?.hasUnsaved ?? false, storage: { kind: 'ok' } };
  } catch (error) {
    database?.close();
    const storage: StorageStatus = { kind: 'unavailable', why: String(error) };
    return { database: null, persistence: null, hasUnsaved: false, storage };
  }
}

/** Written by other browsers: only plain values, under keys that no object has by itself. */
function readFacts(map: Y.Map<FactValue>): Readonly<Record<string, FactValue>> {
  const facts: [string, FactValue][] = [];
  map.forEach((value: unknown, key) => {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (isPlain && key !== '__proto__') facts.push([key, value]);
  });
  return Object.fromEntries(facts);
}
