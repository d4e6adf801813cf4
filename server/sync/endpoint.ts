import { upgradeWebSocket } from '@hono/node-server';
import { Hono, type Context } from 'hono';
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
import type { DisplayUser } from './display-user.ts';
import { OpenSocket, type SocketOwner } from './open-socket.ts';
import type { Channel, SyncUser } from './peer.ts';
import type { Rooms } from './rooms.ts';
import { Rounds } from './rounds.ts';
import type { ServedSocket } from './served-socket.ts';
import { closeSocket, SocketPeer } from './socket-peer.ts';

export interface SyncDeps {
  readonly rooms: Rooms;
  /** Whose session the request's cookie is; null: nobody's. */
  readonly authenticate: (request: Request) => Promise<SignedInUser | null>;
  /** Which display's token the request's cookie is; null: none's. Left out: there are no displays. */
  readonly authenticateDisplay?: (request: Request) => Promise<DisplayUser | null>;
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

/**
 * A peer is pinged so often, and one that has not answered by the next time is gone, though TCP has not noticed. Half of
 * it is how long a connection may take until a room has let it in.
 */
const ROUND_MS = 30_000;

/** `/board/:id`, `/wall/:id` and `/item/:id`, in the URL shape of the stock y-websocket client; to be mounted at `/sync`. */
export function createSyncRoutes(deps: SyncDeps): Hono {
  const { rooms } = deps;
  const gate = new SocketGate(deps);
  const routes = new Hono();
  routes.get('/board/:id', (c) => gate.open(c, (id) => rooms.board(id as BoardId)));
  routes.get('/wall/:id', (c) => gate.open(c, openWall(rooms), whoLooks(deps, c.req.param('id'))));
  routes.get('/item/:id', (c) => gate.open(c, (id) => rooms.item(id as ItemId)));
  return routes;
}

/** A display's token opens the wall of its own board; a member may look at what the displays show. */
function whoLooks({ authenticate, authenticateDisplay }: SyncDeps, boardId: string) {
  return async (request: Request): Promise<SignedInUser | null> => {
    const display = (await authenticateDisplay?.(request)) ?? null;
    if (display?.boardId === boardId) return display;
    return (await authenticate(request)) ?? display;
  };
}

function openWall(rooms: Rooms): OpenRoom {
  return async (id, user) => {
    const isForeign = 'boardId' in user && user.boardId !== id;
    return isForeign ? null : await rooms.wall(id as BoardId);
  };
}

type OpenRoom = (id: string, user: SignedInUser) => Promise<Channel | null>;

/** Lets connections in. What a browser could only see as a network fault is refused before the upgrade, else after it. */
class SocketGate implements SocketOwner {
  readonly #deps: SyncDeps;
  readonly #perUser = new CappedCounts(CONNECTIONS_PER_USER_MAX);
  readonly #perAddress: CappedCounts;
  readonly #rounds = new Rounds(ROUND_MS);

  constructor(deps: SyncDeps) {
    this.#deps = deps;
    this.#perAddress = new CappedCounts(deps.connectionsPerAddressMax ?? CONNECTIONS_PER_ADDRESS_MAX);
  }

  async open(c: Context, openRoom: OpenRoom, authenticate = this.#deps.authenticate): Promise<Response> {
    const { rooms, allowedOrigins, addressOf } = this.#deps;
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket')
      return c.text('This address speaks WebSocket.', 426);
    // Before the session is looked at, so that another site's page learns nothing about it.
    if (!isOriginAllowed(c.req.header('origin'), allowedOrigins))
      return c.text('The Origin is not ours.', 403);
    if (rooms.isDraining) return c.text('The server is restarting.', 503);
    const user = await this.#askWho(c.req.raw, authenticate);
    const address = addressOf(c);
    if (!this.#hasRoomFor(user === 'unknown' ? null : user, address))
      return c.text('Too many connections.', 429);
    if (user === 'unknown') return await upgrade(c, (socket) => turnAway(socket, CLOSE.storeDown));
    if (user === null) return await upgrade(c, (socket) => turnAway(socket, CLOSE.signedOut));

    const id = c.req.param('id') ?? '';
    const openChannel = async () => (UUID_SHAPE.test(id) ? await openRoom(id, user) : null);
    return await upgrade(c, (socket) => this.#admit(socket, { user, address, openChannel }));
  }

  /** `unknown`: it could not be read. As an HTTP error that would be a mere network fault to the browser, too. */
  async #askWho(
    request: Request,
    authenticate: SyncDeps['authenticate'],
  ): Promise<SignedInUser | null | 'unknown'> {
    try {
      return await authenticate(request);
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
  #admit(socket: ServedSocket, { user, address, openChannel }: Admission): void {
    const { rooms, now, logger } = this.#deps;
    const peer = new SocketPeer(rooms.sharedUser(user), socket, now);
    const connection = new Connection({ peer, openChannel, now, logger });
    rooms.add(connection, user.sessionEndsAt);
    this.#perUser.add(user.userId);
    if (address !== null) this.#perAddress.add(address);
    new OpenSocket({ socket, connection, address, rounds: this.#rounds, owner: this });
    void connection.open();
  }

  onFrame({ connection }: OpenSocket, frame: Uint8Array): void {
    // The type is one byte, because it is below 128.
    if (frame[0] === FRAME.command && !this.#deps.rooms.mayCommand(connection.user.userId))
      return connection.end(CLOSE.rateLimited);
    connection.receive(frame);
  }

  onEnd({ connection, address }: OpenSocket): void {
    this.#deps.rooms.remove(connection);
    this.#perUser.remove(connection.user.userId);
    if (address !== null) this.#perAddress.remove(address);
  }

  onFault({ connection }: OpenSocket, error: Error): void {
    this.#deps.logger.info({ userId: connection.user.userId, error }, 'A socket failed.');
  }
}

interface Admission {
  readonly user: SignedInUser;
  readonly address: string | null;
  readonly openChannel: () => Promise<Channel | null>;
}

/** An HTTP 401 would reach the browser as a mere network fault, retried for ever: so it is let in and told. */
function turnAway({ ws }: ServedSocket, code: CloseCode): void {
  ws.on('error', () => {});
  ws.resume();
  closeSocket(ws, code);
}

/** Lets Hono do the handshake, and takes the socket over once it is done. */
async function upgrade(c: Context, take: (socket: ServedSocket) => void): Promise<Response> {
  return await upgradeWebSocket(c, { onOpen: (_event, { raw }) => take(raw as ServedSocket) });
}
