import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import type { CloseCode } from '../../../src/lib/protocol/close-codes.ts';
import {
  encodeJsonFrame,
  encodeSyncFrame,
  FRAME,
  readJsonBody,
  SYNC,
} from '../../../src/lib/protocol/frames.ts';
import type { Hello, VerdictMessage } from '../../../src/lib/protocol/messages.ts';
import type { Command } from '../../../src/lib/workflow/commands.ts';
import type { UserId } from '../../../src/lib/workflow/ids.ts';
import type { Channel, Peer } from '../../../server/sync/peer.ts';

/** A browser without a network: what a room sends waits in `inbox` until `read` hands it over. */
export class FakePeer implements Peer {
  readonly user: Peer['user'];
  readonly inbox: Uint8Array[] = [];
  readonly verdicts: VerdictMessage[] = [];
  readonly hellos: Hello[] = [];
  doc = new Y.Doc();
  closed: number | null = null;

  constructor(userId: UserId) {
    this.user = { userId, userName: `name of ${userId}`, sessionId: 'first', isAdmin: false };
  }

  get isOpen(): boolean {
    return this.closed === null;
  }

  send(frame: Uint8Array): void {
    this.inbox.push(frame);
  }

  sendAll(frames: readonly Uint8Array<ArrayBuffer>[]): void {
    for (const frame of frames) this.send(frame);
  }

  close({ code }: CloseCode): void {
    this.closed = code;
  }

  async requestSync(room: Channel): Promise<void> {
    await room.receive(this, encodeSyncFrame(SYNC.step1, Y.encodeStateVector(this.doc)));
  }

  async command(room: Channel, command: Command): Promise<void> {
    await room.receive(this, encodeJsonFrame(FRAME.command, command));
  }

  /** Takes at most `count` frames out of the inbox, in order. */
  read(count = Infinity): void {
    for (const frame of this.inbox.splice(0, Math.min(count, this.inbox.length))) this.#take(frame);
  }

  #take(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === FRAME.verdict) this.verdicts.push(readJsonBody(decoder) as VerdictMessage);
    if (type === FRAME.hello) this.hellos.push(readJsonBody(decoder) as Hello);
    if (type !== FRAME.sync) return;
    if (decoding.readVarUint(decoder) === SYNC.step1) return;
    Y.applyUpdate(this.doc, decoding.readVarUint8Array(decoder));
  }
}

/** The frames of sync content in an inbox, and those of verdicts. */
export function typesOf(inbox: readonly Uint8Array[]): number[] {
  return inbox.map((frame) => decoding.readVarUint(decoding.createDecoder(frame)));
}
