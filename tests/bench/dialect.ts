import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { encodeSyncFrame, SYNC } from '../../src/lib/protocol/frames.ts';

/** What a frame of a server is, as far as a measure cares. `body` is where the Yjs update begins. */
export type FrameKind =
  | { readonly kind: 'state' | 'update'; readonly body: number }
  | { readonly kind: 'question' }
  | { readonly kind: 'verdict' }
  | { readonly kind: 'other' };

/** How one server speaks: y-protocols as they are, or with Hocuspocus' document name ahead of each frame. */
export interface Dialect {
  /** What a client sends as soon as it is connected: for Hocuspocus a token first, and sync step 1. */
  greeting(document: string): readonly Uint8Array[];
  /** The empty answer of a client that has nothing, to a server that asks with its own step 1. */
  answer(document: string): Uint8Array;
  update(document: string, update: Uint8Array): Uint8Array;
  kindOf(head: Buffer): FrameKind;
}

const NOTHING = Y.encodeStateAsUpdate(new Y.Doc());
const STATE_VECTOR = Y.encodeStateVector(new Y.Doc());
const VERDICT = 101;

/** y-websocket's, which is Baton's too. */
export const plain: Dialect = {
  greeting: () => [encodeSyncFrame(SYNC.step1, STATE_VECTOR)],
  answer: () => encodeSyncFrame(SYNC.step2, NOTHING),
  update: (_document, update) => encodeSyncFrame(SYNC.update, update),
  kindOf: (head) => kindAt(head, 0),
};

/** For a relay, which would pass every greeting on to everybody. */
export const silent: Dialect = { ...plain, greeting: () => [] };

const HOCUSPOCUS = { sync: 0, auth: 2, syncReply: 4, token: 0 } as const;

export const hocuspocus: Dialect = {
  greeting: (document) => [
    addressed(document, (encoder) => {
      encoding.writeVarUint(encoder, HOCUSPOCUS.auth);
      encoding.writeVarUint(encoder, HOCUSPOCUS.token);
      encoding.writeVarString(encoder, '');
    }),
    addressed(document, (encoder) =>
      encoding.writeUint8Array(encoder, encodeSyncFrame(SYNC.step1, STATE_VECTOR)),
    ),
  ],
  answer: (document) =>
    addressed(document, (encoder) => encoding.writeUint8Array(encoder, encodeSyncFrame(SYNC.step2, NOTHING))),
  update: (document, update) =>
    addressed(document, (encoder) => encoding.writeUint8Array(encoder, encodeSyncFrame(SYNC.update, update))),
  kindOf(head) {
    // The name is shorter than 128 bytes, so its length is one byte.
    const start = 1 + (head[0] ?? 0);
    return kindAt(head, start);
  },
};

function addressed(document: string, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, document);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function kindAt(head: Buffer, start: number): FrameKind {
  const type = head[start];
  if (type === VERDICT) return { kind: 'verdict' };
  const step = head[start + 1];
  if (type === HOCUSPOCUS.syncReply && step === SYNC.step1) return { kind: 'question' };
  if (type !== HOCUSPOCUS.sync) return { kind: 'other' };
  if (step === SYNC.step1) return { kind: 'question' };
  return { kind: step === SYNC.step2 ? 'state' : 'update', body: start + 2 };
}

/** The Yjs update of a whole frame. */
export function updateIn(frame: Buffer, body: number): Uint8Array {
  const decoder = decoding.createDecoder(frame.subarray(body));
  // A copy: the frame's memory is read into again.
  return decoding.readVarUint8Array(decoder).slice();
}
