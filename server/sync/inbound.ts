import * as decoding from 'lib0/decoding';
import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import { parseCommand } from '#lib/protocol/command-schema.ts';
import { FRAME, SYNC, readJsonBody } from '#lib/protocol/frames.ts';
import { AWARENESS_BYTES_MAX, COMMAND_BYTES_MAX, FRAME_BYTES_MAX } from '#lib/protocol/limits.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { CommandId } from '#lib/workflow/ids.ts';
import { ok, refused, type Result } from '#lib/workflow/result.ts';

/** What a client may say, after type, size and shape have been checked. */
export type Inbound =
  | { readonly kind: 'stateVector'; readonly vector: ReadonlyMap<number, number> }
  /** A Yjs update; `isAnswer`: it is a sync step 2, made against the state vector this server sent. */
  | { readonly kind: 'update'; readonly update: Uint8Array; readonly isAnswer: boolean }
  /** `state` null: gone. */
  | {
      readonly kind: 'awareness';
      readonly clientId: number;
      readonly state: Readonly<Record<string, unknown>> | null;
    }
  /** Allowed, and nothing to do: an empty update, awareness of several clients (a stock client echoes it). */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'malformedCommand'; readonly id: CommandId; readonly path: string };

/** A frame of a client, or the close code it earns. Reads nothing but the bytes, and never throws. */
export function readFrame(bytes: Uint8Array): Result<Inbound, CloseCode> {
  if (bytes.byteLength > FRAME_BYTES_MAX) return refused(CLOSE.tooLarge);
  try {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    if (type === FRAME.sync) return readSync(decoder);
    if (type === FRAME.awareness) return readAwareness(decoder);
    if (type === FRAME.command) return readCommand(decoder, bytes.byteLength);
    return refused(CLOSE.contentRefused);
  } catch {
    // lib0 throws at the end of the bytes, JSON.parse on anything that is not JSON: both are a malformed frame.
    return refused(CLOSE.contentRefused);
  }
}

function readSync(decoder: decoding.Decoder): Result<Inbound, CloseCode> {
  const step = decoding.readVarUint(decoder);
  // A copy: a view would let a length inside it reach into the rest of the frame.
  const body = decoding.readVarUint8Array(decoder).slice();
  if (decoding.hasContent(decoder)) return refused(CLOSE.contentRefused);
  if (step === SYNC.step1) return ok({ kind: 'stateVector', vector: readStateVector(body) });
  if (step !== SYNC.step2 && step !== SYNC.update) return refused(CLOSE.contentRefused);
  const isEmpty = body.length === 2 && body[0] === 0 && body[1] === 0;
  return ok(isEmpty ? { kind: 'nothing' } : { kind: 'update', update: body, isAnswer: step === SYNC.step2 });
}

function readStateVector(bytes: Uint8Array): Map<number, number> {
  const decoder = decoding.createDecoder(bytes);
  const vector = new Map<number, number>();
  for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
    vector.set(decoding.readVarUint(decoder), decoding.readVarUint(decoder));
  }
  if (decoding.hasContent(decoder)) throw new SyntaxError('bytes after the state vector');
  return vector;
}

function readAwareness(decoder: decoding.Decoder): Result<Inbound, CloseCode> {
  const body = decoding.createDecoder(decoding.readVarUint8Array(decoder));
  if (decoding.hasContent(decoder)) return refused(CLOSE.contentRefused);
  // A stock client sends on every awareness frame it gets, with the entries of others: not an attack, and no news.
  if (decoding.readVarUint(body) !== 1) return ok({ kind: 'nothing' });
  const clientId = decoding.readVarUint(body);
  // The clock is read and dropped: clocks are the server's.
  decoding.readVarUint(body);
  const json = decoding.readVarUint8Array(body);
  if (json.byteLength > AWARENESS_BYTES_MAX || decoding.hasContent(body))
    return refused(CLOSE.contentRefused);
  const state: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  if (state === null) return ok({ kind: 'awareness', clientId, state });
  if (typeof state !== 'object' || Array.isArray(state)) return refused(CLOSE.contentRefused);
  return ok({ kind: 'awareness', clientId, state: state as Record<string, unknown> });
}

function readCommand(decoder: decoding.Decoder, frameBytes: number): Result<Inbound, CloseCode> {
  if (frameBytes > COMMAND_BYTES_MAX) return refused(CLOSE.tooLarge);
  const parsed = parseCommand(readJsonBody(decoder));
  if (parsed.ok) return ok({ kind: 'command', command: parsed.value });
  const { id, path } = parsed.refusal;
  // Without an id there is nobody to tell: the sender is not a client of this protocol.
  return id === null
    ? refused(CLOSE.contentRefused)
    : ok({ kind: 'malformedCommand', id: id as CommandId, path });
}
