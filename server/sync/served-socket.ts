import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocketLike } from '@hono/node-server';
import { WebSocketServer, type WebSocket } from 'ws';

/**
 * A socket whose handshake is done. Hono is shown this in the place of `ws`' own, because Hono puts listeners on what it
 * is given that keep the handshake's whole context (request, headers, URL, two dozen closures: 9 KiB) as long as
 * the socket lives. Here they fall on nothing: a route takes the socket over in `onOpen`, and listens to `ws` itself.
 */
export class ServedSocket implements WebSocketLike {
  /** Paused until the route has its own listeners on it. */
  readonly ws: WebSocket;
  /** What `ws` reads from and writes to. */
  readonly stream: Socket;

  constructor(ws: WebSocket, stream: Socket) {
    this.ws = ws;
    this.stream = stream;
  }

  get protocol(): string {
    return this.ws.protocol;
  }

  get readyState(): WebSocket['readyState'] {
    return this.ws.readyState;
  }

  send(data: string | ArrayBuffer | ArrayBufferView): void {
    this.ws.send(data, { compress: false });
  }

  close(code?: number, reason?: string): void {
    this.ws.close(code, reason);
  }

  on(): this {
    return this;
  }

  off(): this {
    return this;
  }
}

/** `ws`' server, which hands over what it has upgraded as a `ServedSocket`. */
export class ServedSockets extends WebSocketServer {
  constructor(options: { readonly maxPayload: number }) {
    // Rooms know who is connected. A list of its own would cost each socket a listener and a place in it.
    super({ ...options, noServer: true, clientTracking: false, perMessageDeflate: false });
  }

  override handleUpgrade(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    callback: (client: WebSocket, request: IncomingMessage) => void,
  ): void {
    super.handleUpgrade(request, stream, head, (ws) => {
      // What arrives before somebody listens would be lost.
      ws.pause();
      const served = new ServedSocket(ws, stream as Socket);
      // Hono passes on whatever it is called back with, to the route that this handshake belongs to.
      callback(served as unknown as WebSocket, request);
    });
  }
}
