import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { applyAwarenessUpdate, Awareness } from 'y-protocols/awareness';
import * as sync from 'y-protocols/sync';
import { messageAwareness, messageSync } from 'y-websocket';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  encodeAwarenessFrame,
  encodeJsonFrame,
  encodeSyncFrame,
  FRAME,
  readJsonBody,
  SYNC,
} from './frames.ts';

test('P1: what this writes is what y-protocols reads', () => {
  expect([FRAME.sync, FRAME.awareness]).toEqual([messageSync, messageAwareness]);
  expect(SYNC).toEqual({
    step1: sync.messageYjsSyncStep1,
    step2: sync.messageYjsSyncStep2,
    update: sync.messageYjsUpdate,
  });
  const doc = new Y.Doc();
  doc.getMap('items').set('a', 1);
  const copy = new Y.Doc();
  const decoder = decoding.createDecoder(encodeSyncFrame(SYNC.update, Y.encodeStateAsUpdate(doc)));
  decoding.readVarUint(decoder);
  sync.readSyncMessage(decoder, encoding.createEncoder(), copy, null);
  expect(copy.getMap('items').get('a')).toBe(1);

  const awareness = new Awareness(new Y.Doc());
  const frame = encodeAwarenessFrame([
    { clientId: 7, clock: 1_795_435_200_000, json: '{"name":"alice"}' },
    { clientId: 8, clock: 1, json: '{"name":"bob"}' },
  ]);
  const awarenessDecoder = decoding.createDecoder(frame);
  decoding.readVarUint(awarenessDecoder);
  applyAwarenessUpdate(awareness, decoding.readVarUint8Array(awarenessDecoder), null);
  expect([awareness.getStates().get(7), awareness.getStates().get(8)]).toEqual([
    { name: 'alice' },
    { name: 'bob' },
  ]);
  awareness.destroy();
});

test('P2: a JSON frame is read back as it was written; a tail, or no JSON, is an error', () => {
  const value = { id: 'x', text: 'Zoë “ok” 😀', list: [1, null, true] };
  const frame = encodeJsonFrame(FRAME.command, value);
  const read = (bytes: Uint8Array) => {
    const decoder = decoding.createDecoder(bytes);
    expect(decoding.readVarUint(decoder)).toBe(FRAME.command);
    return readJsonBody(decoder);
  };
  expect(read(frame)).toEqual(value);
  expect(() => read(new Uint8Array([...frame, 0]))).toThrow('bytes after');
  expect(() => read(frame.slice(0, -1))).toThrow();
  expect(() => read(new Uint8Array([FRAME.command, 1, 0x7b]))).toThrow();
});
