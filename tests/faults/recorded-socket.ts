import * as decoding from 'lib0/decoding';
import { WebSocket as NodeWebSocket } from 'ws';
import { FRAME, readJsonBody } from '../../src/lib/protocol/frames.ts';
import { parseVerdict } from '../../src/lib/protocol/message-schema.ts';
import type { VerdictMessage } from '../../src/lib/protocol/messages.ts';
import { ORIGIN } from './baton-node.ts';

export interface RecordedSocketOptions {
  readonly cookie: string;
  /** Where connections go in truth: the port of this person's line. */
  readonly port: number;
  readonly heard: (verdict: VerdictMessage) => void;
  readonly closed: (code: number) => void;
  readonly opened?: (socket: NodeWebSocket) => void;
}

/**
 * A `WebSocket` as a browser at the board's address has it, by way of one line; what it is told is written down before
 * anybody can make something of it.
 */
export function recordedSocket(options: RecordedSocketOptions): typeof WebSocket {
  class RecordedSocket extends NodeWebSocket {
    constructor(given: string | URL) {
      const url = new URL(given);
      url.hostname = '127.0.0.1';
      url.port = String(options.port);
      super(url, [], { headers: { cookie: options.cookie, origin: ORIGIN } });
      this.on('message', (data: ArrayBuffer) => {
        const decoder = decoding.createDecoder(new Uint8Array(data));
        if (decoding.readVarUint(decoder) !== FRAME.verdict) return;
        const verdict = parseVerdict(readJsonBody(decoder));
        if (verdict) options.heard(verdict);
      });
      this.on('close', (code: number) => options.closed(code));
      // Who uses the socket hears of it, too; without this a socket that nobody uses any more would end the test.
      this.on('error', () => undefined);
      options.opened?.(this);
    }
  }
  return RecordedSocket as unknown as typeof WebSocket;
}
