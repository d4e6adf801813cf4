import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as Y from 'yjs';
import { freePort } from '../support/free-port.ts';
import { hocuspocus, plain, silent, type Dialect } from './dialect.ts';
import { lastCommands, ordinaryFacts } from './item-value.ts';
import { ServerProcess, type ServerCommand } from './server-process.ts';
import type { Board, BoardSize, Change, Subject, SubjectName, Usage, Writer } from './subject.ts';
import { until } from './stats.ts';
import { WireClient } from './wire-client.ts';

export type PeerName = Exclude<SubjectName, 'baton'>;

/** Another server with the same work: one Y.Map of JSON values as large as Baton's items, each change overwrites one. */
export class PeerSubject implements Subject {
  readonly name: PeerName;
  readonly #folder: string;
  readonly #port: number;
  #server: ServerProcess;

  static async start(name: PeerName, folder: string): Promise<PeerSubject> {
    const port = await freePort();
    return new PeerSubject(name, { folder, port, server: await startPeer(name, folder, port) });
  }

  private constructor(name: PeerName, parts: { folder: string; port: number; server: ServerProcess }) {
    this.name = name;
    this.#folder = parts.folder;
    this.#port = parts.port;
    this.#server = parts.server;
  }

  async openBoard(size: BoardSize): Promise<Board> {
    const board = new PeerBoard(this.name, this.#port, size);
    if (this.name !== 'relay') await board.fill();
    return board;
  }

  async usage(options?: { isAfterGc?: boolean }): Promise<Usage> {
    return { ...(await this.#server.usage(options)), storeMs: 0 };
  }

  async restart(): Promise<void> {
    await this.#server.stop();
    this.#server = await startPeer(this.name, this.#folder, this.#port);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

const DIALECTS = { hocuspocus, 'y-websocket-server': plain, relay: silent };

class PeerBoard implements Board {
  readonly subject: PeerName;
  readonly dialect: Dialect;
  readonly document = `bench-${randomUUID()}`;
  readonly url: string;
  readonly writers: readonly PeerWriter[];
  #keeper: WireClient | null = null;

  constructor(subject: PeerName, port: number, { items, moreText = 0, writers = 1 }: BoardSize) {
    this.subject = subject;
    this.dialect = DIALECTS[subject];
    this.url = `ws://127.0.0.1:${port}/${subject === 'hocuspocus' ? '' : this.document}`;
    const frameOf = (update: Uint8Array) => this.dialect.update(this.document, update);
    this.writers = Array.from({ length: writers }, (_, index) => {
      const own = Array.from({ length: items }, (_item, position) => position);
      return new PeerWriter(
        own.filter((position) => position % writers === index),
        { moreText, frameOf },
      );
    });
  }

  headers(): Readonly<Record<string, string>> {
    return {};
  }

  /** Brings the values there; the connection stays, because the peers forget a document that nobody has open. */
  async fill(): Promise<void> {
    let isThere = false;
    const keeper = new WireClient({
      url: this.url,
      onFrame: ({ bytes }) => {
        if (this.dialect.kindOf(bytes).kind === 'state') isThere = true;
      },
    });
    this.#keeper = keeper;
    await keeper.opened;
    const greeting = this.dialect.greeting(this.document);
    for (const frame of greeting) keeper.send(frame);
    await until(
      () => isThere,
      () => `${this.subject} answers a first client`,
    );
    const content = Y.mergeUpdates(this.writers.map((writer) => writer.state()));
    keeper.send(this.dialect.update(this.document, content));
    isThere = false;
    const question = greeting.at(-1);
    if (question) keeper.send(question);
    await until(
      () => isThere,
      () => `${this.subject} has taken the content`,
    );
  }

  changesIn(update: Uint8Array): string[] {
    return Y.decodeUpdate(update).structs.map(({ id }) => idOf(id.client, id.clock));
  }

  close(): void {
    this.#keeper?.close();
    this.#keeper = null;
  }
}

/**
 * A client that overwrites values as y-websocket's does. It holds only its own ones: whoever overwrites a value has to
 * know which, and nothing else of the document.
 */
class PeerWriter implements Writer {
  readonly #doc = new Y.Doc();
  readonly #keys: readonly number[];
  readonly #moreText: number;
  readonly #frameOf: (update: Uint8Array) => Uint8Array;
  #made = 0;
  #update: Uint8Array = new Uint8Array();

  constructor(
    keys: readonly number[],
    { moreText, frameOf }: { moreText: number; frameOf: (update: Uint8Array) => Uint8Array },
  ) {
    this.#keys = keys;
    this.#moreText = moreText;
    this.#frameOf = frameOf;
    const items = this.#doc.getMap('items');
    this.#doc.transact(() => {
      for (const key of keys) items.set(keyOf(key), itemValue(key, moreText));
    });
    this.#doc.on('update', (update: Uint8Array) => (this.#update = update));
  }

  state(): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc);
  }

  get itemCount(): number {
    return this.#keys.length;
  }

  next(): Change {
    const index = this.#keys[this.#made % this.#keys.length] ?? 0;
    this.#made += 1;
    const clock = Y.getState(this.#doc.store, this.#doc.clientID);
    this.#doc.getMap('items').set(keyOf(index), itemValue(index, this.#moreText));
    return { id: idOf(this.#doc.clientID, clock), frame: this.#frameOf(this.#update) };
  }

  onVerdict(): void {
    // The peers give none.
  }
}

function idOf(client: number, clock: number): string {
  return `${client}:${clock}`;
}

function keyOf(index: number): string {
  return `0199d3a0-0000-7000-8000-${String(index).padStart(12, '0')}`;
}

const LAST_COMMANDS = lastCommands();

/** As long as the JSON of one of Baton's items. */
function itemValue(index: number, moreText = 0): object {
  const at = Date.now();
  const id = keyOf(index);
  return {
    id,
    number: index,
    key: `ONB-${index}`,
    workflowId: id,
    workflowVersion: 1,
    facts: ordinaryFacts(index, moreText),
    stepId: 'handover',
    holderTeamId: id,
    ownerId: id,
    handoff: null,
    returned: null,
    waiting: null,
    closed: null,
    trail: [],
    bounces: {},
    deviations: 0,
    order: 'a0',
    createdAt: at,
    heldSince: at,
    commentCount: 0,
    seq: at % 100_000,
    responsibility: { seq: at % 100_000, by: id, at, event: 'ownerAssigned' },
    lastCommands: LAST_COMMANDS,
  };
}

async function startPeer(name: PeerName, folder: string, port: number): Promise<ServerProcess> {
  return await ServerProcess.start(commandOf(name, folder, port));
}

function commandOf(name: PeerName, folder: string, port: number): ServerCommand {
  const modules = join(folder, 'node_modules');
  switch (name) {
    case 'hocuspocus':
      return {
        script: './peer-servers/hocuspocus.ts',
        args: [join(modules, '@hocuspocus/server/dist/hocuspocus-server.esm.js'), String(port)],
        isReady: /ready/,
      };
    case 'y-websocket-server':
      return {
        script: join(modules, '@y/websocket-server/src/server.js'),
        env: { HOST: '127.0.0.1', PORT: String(port) },
        isReady: /running at/,
      };
    case 'relay':
      return { script: './peer-servers/relay.ts', args: [String(port)], isReady: /ready/ };
  }
}
