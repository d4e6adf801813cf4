import { createServer, type Server } from 'node:http';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import type { Hono } from 'hono';
import { SOCKET_PAYLOAD_BYTES_MAX } from '#lib/protocol/limits.ts';
import { ok, refused, type Result } from '#lib/workflow/result.ts';
import { ServedSockets } from './sync/served-socket.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A request that takes longer to arrive is a fault or an attack. */
const REQUEST_MS_MAX = 30_000;
/** How long the headers alone may take, of a request or of a handshake: one byte a second keeps no connection open. */
const HEADERS_MS_MAX = 10_000;
/** How often Node looks for connections beyond these limits. */
const CHECK_EVERY_MS = 1_000;
/** How long requests that run may go on once the server takes no more. */
const CLOSE_MS_MAX = 3_000;

/** The app behind one port: requests and sockets. It does not listen yet. */
export function createHttpServer(app: Hono, { headersMsMax = HEADERS_MS_MAX } = {}): Server {
  const sockets = new ServedSockets({ maxPayload: SOCKET_PAYLOAD_BYTES_MAX });
  return createAdaptorServer({
    fetch: app.fetch,
    // The same thing in fact: the two packages spell the overloads of `on` and `send` in another order.
    websocket: { server: sockets as unknown as WebSocketServerLike },
    serverOptions: {
      requestTimeout: REQUEST_MS_MAX,
      headersTimeout: headersMsMax,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      // Asked for any other protocol, such as h2c, go on in HTTP: nobody would answer, and the socket would stay open.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
  }) as Server;
}

/** Promises that the server takes connections, or says in one sentence why it cannot. */
export function listen(server: Server, { host, port }: Address): Promise<Result<void, string>> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = describe(error.code, { host, port });
      if (reason === null) reject(error);
      else resolve(refused(reason));
    });
    // A bracketed IPv6 address is how it stands in a URL; Node wants it bare.
    server.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port }, () => resolve(ok(undefined)));
  });
}

function describe(code: string | undefined, { host, port }: Address): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is taken by another program: stop that one, or set PORT to another number.`;
    case 'EACCES':
      return `Port ${port} may not be used by this account: set PORT to a number above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST is "${host}", which is no address of this machine.`;
    default:
      return null;
  }
}

/** Says at once what `listen` would say later, before seconds go into opening a database. */
export async function tryPort(address: Address): Promise<Result<void, string>> {
  const probe = createServer();
  const result = await listen(probe, address);
  if (result.ok) await closeServer(probe);
  return result;
}

/** Takes no more connections, and promises that those for requests are gone. Upgraded sockets are the rooms' to close. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_MS_MAX);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}
