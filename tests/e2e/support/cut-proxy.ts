import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `webSockets`: like an office network that lets pages and requests through and nothing that stays open. */
type Cut = 'nothing' | 'everything' | 'webSockets';

/**
 * The line between one browser and the server, as a SOCKS proxy of that browser, so that the address of the page stays
 * the server's. Playwright's own `setOffline` leaves open WebSockets alone, which no real outage does.
 */
export class CutProxy {
  readonly #server: Server;
  readonly #serverPort: number;
  readonly #lines = new Set<Line>();
  #cut: Cut = 'nothing';
  #isHeld = false;

  private constructor(serverPort: number) {
    this.#serverPort = serverPort;
    this.#server = createServer((browser) => this.#onConnection(browser));
  }

  /** To the server on this port of this machine, and to nothing else. */
  static async start(serverPort: number): Promise<CutProxy> {
    const proxy = new CutProxy(serverPort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** For `proxy.server` of a browser context. */
  get url(): string {
    return `socks5://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Breaks what is open, and lets nothing new through. */
  cut(what: Exclude<Cut, 'nothing'> = 'everything'): void {
    this.#cut = what;
    for (const line of this.#lines) if (this.#isCut(line)) line.end();
  }

  heal(): void {
    this.#cut = 'nothing';
  }

  /** Nothing breaks, but nothing arrives either, in both directions, until `release`. */
  hold(): void {
    this.#isHeld = true;
    for (const line of this.#lines) line.hold();
  }

  release(): void {
    this.#isHeld = false;
    for (const line of this.#lines) line.release();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const line of this.#lines) line.end();
    await closed;
  }

  #isCut(line: Line): boolean {
    return this.#cut === 'everything' || (this.#cut === 'webSockets' && line.isWebSocket);
  }

  #onConnection(browser: Socket): void {
    browser.on('error', () => browser.destroy());
    if (this.#cut === 'everything') return void browser.destroy();
    acceptSocks(browser).then(
      (port) => this.#lead(browser, port),
      () => browser.destroy(),
    );
  }

  #lead(browser: Socket, port: number): void {
    if (port !== this.#serverPort) return void browser.destroy();
    const line: Line = new Line(browser, connect(port, '127.0.0.1'), () => this.#isCut(line));
    this.#lines.add(line);
    browser.on('close', () => this.#lines.delete(line));
    if (this.#isHeld) line.hold();
    if (this.#isCut(line)) line.end();
  }
}

/** One TCP connection through the proxy. */
class Line {
  readonly #ends: readonly [browser: Socket, server: Socket];
  isWebSocket = false;

  constructor(browser: Socket, server: Socket, isCut: () => boolean) {
    this.#ends = [browser, server];
    browser.on('data', (chunk: Buffer) => {
      this.isWebSocket ||= chunk.subarray(0, 10).toString('latin1') === 'GET /sync/';
      if (isCut()) this.end();
      else server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => browser.write(chunk));
    for (const socket of this.#ends) {
      socket.on('error', () => this.end());
      socket.on('close', () => this.end());
    }
    // Reading the request of SOCKS has stopped it.
    browser.resume();
  }

  hold(): void {
    for (const socket of this.#ends) socket.pause();
  }

  release(): void {
    for (const socket of this.#ends) socket.resume();
  }

  end(): void {
    for (const socket of this.#ends) socket.destroy();
  }
}

/** Answers the greeting and the request of SOCKS 5 (RFC 1928, no sign-in); resolves with the port that is asked for. */
async function acceptSocks(browser: Socket): Promise<number> {
  const [, methodCount = 0] = await read(browser, 2);
  await read(browser, methodCount);
  browser.write(Buffer.from([5, 0]));
  const [, , , addressType = 0] = await read(browser, 4);
  // IPv4, a name with its length before it, or IPv6.
  const addressBytes = addressType === 1 ? 4 : addressType === 4 ? 16 : ((await read(browser, 1))[0] ?? 0);
  await read(browser, addressBytes);
  const port = (await read(browser, 2)).readUInt16BE();
  browser.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  return port;
}

/** Exactly so many bytes; never resolves if the connection ends before. */
async function read(socket: Socket, bytes: number): Promise<Buffer> {
  if (bytes === 0) return Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read(bytes) as Buffer | null;
    if (chunk !== null) return chunk;
    await once(socket, 'readable');
  }
}
