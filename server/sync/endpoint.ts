import { upgradeWebSocket, type WebSocketLike } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { WSEvents, WSMessageReceive } from 'hono/ws';
import type { WebSocket } from 'ws';
import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { FRAME } from '#lib/protocol/frames.ts';
import { UUID_SHAPE, type BoardId, type ItemId } from '#lib/workflow/ids.ts';
import type { Logger } from '../logger.ts';
import {
  CappedCounts,
  CONNECTIONS_PER_ADDRESS_MAX,
  CONNECTIONS_PER_USER_MAX,
  isOriginAllowed,
} from './admission.ts';
import { Connection } from './connection.ts';
import type { Channel, SyncUser } from './peer.ts';
import type { Rooms } from './rooms.ts';
import { closeSocket, SocketPeer } from './socket-peer.ts';

export interface SyncDeps {
  readonly rooms: Rooms;
  /** Whose session the request's cookie is; null: nobody's. */
  readonly authenticate: (request: Request) => Promise<SignedInUser | null>;
  readonly allowedOrigins: ReadonlySet<string>;
  /** What connections are counted by beside the user; null: not counted. */
  readonly addressOf: (c: Context) => string | null;
  readonly connectionsPerAddressMax?: number;
  readonly now: () => number;
  readonly logger: Logger;
}

/** `sessionEndsAt`: when the session ends by itself, in milliseconds, as far as is known now. */
export interface SignedInUser extends SyncUser {
  readonly sessionEndsAt: number;
}

/** How long a connection may take until a room has let it in, whatever it sends meanwhile. */
const JOIN_MS_MAX = 15_000;
/** A peer that answers no ping for so long is gone, though TCP has not noticed. */
const PING_EVERY_MS = 30_000;

/** `/board/:id` and `/item/:id`, in the URL shape of the stock y-websocket client; to be mounted at `/sync`. */
export function createSyncRoutes(deps: SyncDeps): Hono {
  const { rooms } = deps;
  const gate = new SocketGate(deps);
  const routes = new Hono();
  routes.get('/board/:id', (c) => gate.open(c, (id) => rooms.board(id as BoardId)));
  routes.get('/item/:id', (c) => gate.open(c, (id) => rooms.item(id as ItemId)));
  return routes;
}

/** Lets connections in. What a browser could only see as a network fault is refused before the upgrade, else after it. */
class SocketGate {
  readonly #deps: SyncDeps;
  readonly #perUser = new CappedCounts(CONNECTIONS_PER_USER_MAX);
  readonly #perAddress: CappedCounts;

  constructor(deps: SyncDeps) {
    this.#deps = deps;
    this.#perAddress = new CappedCounts(deps.connectionsPerAddressMax ?? CONNECTIONS_PER_ADDRESS_MAX);
  }

  async open(c: Context, openRoom: (id: string) => Promise<Channel | null>): Promise<Response> {
    const { rooms, allowedOrigins, addressOf } = this.#deps;
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
      return c.text('This address speaks WebSocket.', 426);
    // Before the session is looked at, so that another site's page learns nothing about it.
    if (!isOriginAllowed(c.req.header('origin'), allowedOrigins))
      return c.text('The Origin is not ours.', 403);
    if (rooms.isDraining) return c.text('The server is restarting.', 503);
    const user = await this.#askWho(c.req.raw);
    const address = addressOf(c);
    if (!this.#hasRoomFor(user === 'unknown' ? null : user, address))
      return c.text('Too many connections.', 429);
    if (user === 'unknown') return await upgradeWebSocket(c, turnAway(CLOSE.storeDown));

    const id = c.req.param('id') ?? '';
    const openChannel = async () => (UUID_SHAPE.test(id) ? await openRoom(id) : null);
    return await upgradeWebSocket(
      c,
      user ? this.#admit({ user, address, openChannel }) : turnAway(CLOSE.signedOut),
    );
  }

  /** `unknown`: it could not be read. As an HTTP error that would be a mere network fault to the browser, too. */
  async #askWho(request: Request): Promise<SignedInUser | null | 'unknown'> {
    try {
      return await this.#deps.authenticate(request);
    } catch (error) {
      this.#deps.logger.warn({ error }, 'Whose connection it is could not be read.');
      return 'unknown';
    }
  }

  #hasRoomFor(user: SyncUser | null, address: string | null): boolean {
    if (address !== null && this.#perAddress.isFull(address)) return false;
    return user === null || !this.#perUser.isFull(user.userId);
  }

  /** Counted from here on and not from the request: a handshake that is broken off has no end to count it down. */
  #admit({ user, address, openChannel }: Admission): WSEvents<WebSocketLike> {
    const { rooms, now, logger } = this.#deps;
    let end = () => {};
    let receive: (data: WSMessageReceive) => void = () => {};
    return {
      onOpen: (_event, { raw }) => {
        const socket = raw as WebSocket;
        const peer = new SocketPeer(user, socket, now);
        const connection = new Connection({ peer, openChannel, now, logger });
        const stopWatching = watch(socket, connection);
        rooms.add(connection, user.sessionEndsAt);
        this.#perUser.add(user.userId);
        if (address !== null) this.#perAddress.add(address);
        receive = (data) => {
          if (!(data instanceof ArrayBuffer)) return connection.end(CLOSE.contentRefused);
          const frame = new Uint8Array(data);
          // The type is one byte, because it is below 128.
          if (frame[0] === FRAME.command && !rooms.mayCommand(user.userId))
            return connection.end(CLOSE.rateLimited);
          connection.receive(frame);
        };
        end = () => {
          stopWatching();
          connection.end(CLOSE.restarting);
          rooms.remove(connection);
          this.#perUser.remove(user.userId);
          if (address !== null) this.#perAddress.remove(address);
        };
        void connection.open();
      },
      onMessage: (event: { readonly data: WSMessageReceive }) => receive(event.data),
      onClose: () => end(),
      // The close event follows. Without a listener, one broken frame would end the process.
      onError: (event) => logger.info({ userId: user.userId, error: errorOf(event) }, 'A socket failed.'),
    };
  }
}

interface Admission {
  readonly user: SignedInUser;
  readonly address: string | null;
  readonly openChannel: () => Promise<Channel | null>;
}

/** An HTTP 401 would reach the browser as a mere network fault, retried for ever: so it is let in and told. */
function turnAway(code: CloseCode): WSEvents<WebSocketLike> {
  return {
    onOpen: (_event, { raw }) => closeSocket(raw as WebSocket, code),
    onError: () => {},
  };
}

/** Ends what is never let in, and what is gone without a word. */
function watch(socket: WebSocket, connection: Connection): () => void {
  let isAnswered = true;
  socket.on('pong', () => (isAnswered = true));
  const pings = setInterval(() => {
    if (!isAnswered) socket.terminate();
    isAnswered = false;
    socket.ping();
  }, PING_EVERY_MS);
  const deadline = setTimeout(() => {
    if (!connection.isJoined) connection.end(CLOSE.overloaded);
  }, JOIN_MS_MAX);
  return () => {
    clearInterval(pings);
    clearTimeout(deadline);
  };
}

function errorOf(event: Event): unknown {
  return 'error' in event ? event.error : undefined;
}
