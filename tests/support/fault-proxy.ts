import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  DIRECTIONS,
  FaultCounts,
  FaultyLine,
  PATTERN_CHARS_MAX,
  type Conditions,
  type Direction,
  type Trigger,
} from './faulty-line.ts';
import { acceptSocks } from './socks.ts';

/** `webSockets`: like an office network that lets pages and requests through and nothing that stays open. */
type Cut = 'nothing' | 'everything' | 'webSockets';

interface Armed extends Trigger {
  readonly isLasting: boolean;
  happened(): void;
}

export interface FaultProxyOptions {
  readonly host?: string;
  readonly port: number;
  /**
   * For a browser, which is told to use it as its SOCKS proxy, so that the address of the page stays the server's.
   * Playwright's own `setOffline` leaves open WebSockets alone, which no real outage does.
   */
  readonly isSocks?: boolean;
}

/** A line on loopback to one server, with every fault that a network has. It starts without any. */
export class FaultProxy {
  readonly counts = new FaultCounts();
  readonly #server: Server;
  readonly #host: string;
  readonly #isSocks: boolean;
  readonly #lines = new Set<FaultyLine>();
  readonly #conditions: Conditions = { bytesPerSecond: null, sliceBytes: null };
  readonly #held = new Set<Direction>();
  readonly #silent = new Set<Direction>();
  #armed: Armed[] = [];
  #cut: Cut = 'nothing';
  /** Of the server; a test may lead new connections to another one. */
  serverPort: number;

  private constructor({ host = '127.0.0.1', port, isSocks = false }: FaultProxyOptions) {
    this.#host = host;
    this.serverPort = port;
    this.#isSocks = isSocks;
    this.#server = createServer((client) => this.#onConnection(client));
  }

  static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** On the way to the server that a URL names; `urlBy` gives the way through. */
  static async to(url: string): Promise<FaultProxy> {
    const { hostname, port } = new URL(url);
    return await FaultProxy.start({ host: hostname, port: Number(port) });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** For `proxy.server` of a browser context. */
  get socksUrl(): string {
    return `socks5://127.0.0.1:${String(this.port)}`;
  }

  /** The same place as `url`, by way of this proxy. */
  urlBy(url: string): string {
    const proxied = new URL(url);
    proxied.hostname = '127.0.0.1';
    proxied.port = String(this.port);
    return proxied.href;
  }

  /** Breaks what is open, and lets nothing new through until `heal`. */
  cut(what: Exclude<Cut, 'nothing'> = 'everything'): void {
    this.#cut = what;
    for (const line of this.#lines) if (this.#isCut(line)) line.reset();
  }

  /** Breaks what is open; whoever tries again gets through. */
  reset(): void {
    for (const line of this.#lines) line.reset();
  }

  /** Nothing breaks, but nothing arrives either, until `release`. */
  hold(...directions: readonly Direction[]): void {
    for (const direction of directions.length > 0 ? directions : DIRECTIONS) {
      this.#held.add(direction);
      for (const line of this.#lines) line.hold(direction);
    }
  }

  release(): void {
    this.#held.clear();
    for (const line of this.#lines) line.release();
  }

  /**
   * Half-open: what is sent in this direction is lost, the end of the connection included, and nobody is told. Open
   * connections stay so for ever, new ones until `heal`.
   */
  silence(direction: Direction): void {
    this.#silent.add(direction);
    for (const line of this.#lines) line.silence(direction);
  }

  /** Null: as fast as it goes. */
  slow(bytesPerSecond: number | null): void {
    this.#conditions.bytesPerSecond = bytesPerSecond;
  }

  /** Every write carries so few bytes; null: as they come. */
  slice(bytes: number | null): void {
    this.#conditions.sliceBytes = bytes;
  }

  /** The next connection that these bytes pass over suffers it. Resolves when it has. */
  once(trigger: Trigger): Promise<void> {
    return this.#arm(trigger, false);
  }

  /** Every connection that these bytes pass over suffers it, until `heal`. Resolves when the first one has. */
  always(trigger: Trigger): Promise<void> {
    return this.#arm(trigger, true);
  }

  /** New connections are as they should be, and so are open ones that have lost nothing. */
  heal(): void {
    this.#cut = 'nothing';
    this.#silent.clear();
    this.#armed = [];
    this.slow(null);
    this.slice(null);
    this.release();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.reset();
    await closed;
  }

  #arm(trigger: Trigger, isLasting: boolean): Promise<void> {
    if (trigger.pattern.length > PATTERN_CHARS_MAX) throw new RangeError('The pattern is too long.');
    return new Promise((resolve) => this.#armed.push({ ...trigger, isLasting, happened: resolve }));
  }

  #triggered(direction: Direction, seen: string, freshFrom: number): Trigger | null {
    const armed = this.#armed.find(({ pattern, ...each }) => {
      return (
        each.direction === direction && seen.includes(pattern, Math.max(0, freshFrom - pattern.length + 1))
      );
    });
    if (!armed) return null;
    if (!armed.isLasting) this.#armed = this.#armed.filter((each) => each !== armed);
    // After it has happened, and not before.
    queueMicrotask(() => armed.happened());
    return armed;
  }

  #isCut(line: FaultyLine): boolean {
    return this.#cut === 'everything' || (this.#cut === 'webSockets' && line.isWebSocket);
  }

  #onConnection(client: Socket): void {
    client.on('error', () => client.destroy());
    if (this.#cut === 'everything') {
      this.counts.refused += 1;
      return void client.resetAndDestroy();
    }
    if (!this.#isSocks) return this.#lead(client);
    acceptSocks(client).then(
      (port) => (port === this.serverPort ? this.#lead(client) : client.destroy()),
      () => client.destroy(),
    );
  }

  #lead(client: Socket): void {
    this.counts.lines += 1;
    const server = connect(this.serverPort, this.#host);
    const line: FaultyLine = new FaultyLine({
      client,
      server,
      conditions: this.#conditions,
      counts: this.counts,
      triggered: (direction, seen, freshFrom) => {
        if (!this.#isCut(line)) return this.#triggered(direction, seen, freshFrom);
        return { direction, pattern: '', then: 'cut' };
      },
      onEnd: () => this.#lines.delete(line),
    });
    this.#lines.add(line);
    for (const direction of this.#held) line.hold(direction);
    for (const direction of this.#silent) line.silence(direction);
    if (this.#isCut(line)) line.reset();
  }
}
