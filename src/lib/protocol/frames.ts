import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** The first varuint of every frame. 0 and 1 are those of the stock y-websocket client. */
export const FRAME = {
  sync: 0,
  awareness: 1,
  command: 100,
  verdict: 101,
  hello: 102,
  heartbeat: 103,
  bell: 104,
} as const;

/** The second varuint of a sync frame, as in y-protocols/sync. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

export type JsonFrameType =
  | typeof FRAME.command
  | typeof FRAME.verdict
  | typeof FRAME.hello
  | typeof FRAME.heartbeat
  | typeof FRAME.bell;

/** A frame whose body is one JSON value, written as a length-prefixed UTF-8 string. */
export function encodeJsonFrame(type: JsonFrameType, value: unknown): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarString(encoder, JSON.stringify(value));
  return encoding.toUint8Array(encoder);
}

/** The JSON value of a frame whose type has been read already; throws on anything that is not one JSON value. */
export function readJsonBody(decoder: decoding.Decoder): unknown {
  const value: unknown = JSON.parse(decoding.readVarString(decoder));
  if (decoding.hasContent(decoder)) throw new SyntaxError('bytes after the JSON value');
  return value;
}

/** A sync frame: step 1 carries a state vector, step 2 and update carry a Yjs update (V1). */
export function encodeSyncFrame(
  kind: (typeof SYNC)[keyof typeof SYNC],
  bytes: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FRAME.sync);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

export interface AwarenessEntry {
  readonly clientId: number;
  readonly clock: number;
  /** The JSON text of the state; `null` means gone. */
  readonly json: string;
}

/** An awareness frame as y-protocols reads it, with any number of entries. */
export function encodeAwarenessFrame(entries: readonly AwarenessEntry[]): Uint8Array<ArrayBuffer> {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, entries.length);
  for (const entry of entries) {
    encoding.writeVarUint(body, entry.clientId);
    encoding.writeVarUint(body, entry.clock);
    encoding.writeVarString(body, entry.json);
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FRAME.awareness);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}
