import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { boardMeta } from '#lib/board/document.ts';
import { encodeAwarenessFrame, encodeSyncFrame, FRAME, SYNC } from '#lib/protocol/frames.ts';
import { SOCKET_PAYLOAD_BYTES_MAX } from '#lib/protocol/limits.ts';
import { Stage } from './stage.ts';

const stage = new Stage();

function frame(type: number, write: (encoder: encoding.Encoder) => void = () => undefined): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

const states = (count: number, json: string) =>
  encodeAwarenessFrame(
    Array.from({ length: count }, (_, index) => ({ clientId: index + 1, clock: 1, json })),
  );

const forged = new Y.Doc();
forged.getMap('items').set('forged', 1);
const v2 = Y.encodeStateAsUpdateV2(forged);

const hostile: { what: string; bytes: Uint8Array | string; code: number }[] = [
  { what: 'an empty frame', bytes: new Uint8Array(), code: 4403 },
  { what: 'a text frame', bytes: '{"type":"claimItem"}', code: 4403 },
  { what: 'an unknown type', bytes: frame(7), code: 4403 },
  {
    what: 'a frame that only the server sends',
    bytes: frame(FRAME.hello, (e) => encoding.writeVarString(e, '{}')),
    code: 4403,
  },
  { what: 'a type that never ends', bytes: new Uint8Array(20).fill(255), code: 4403 },
  {
    what: 'malformed JSON',
    bytes: frame(FRAME.command, (e) => encoding.writeVarString(e, '{"id":')),
    code: 4403,
  },
  {
    what: 'JSON with a tail',
    bytes: frame(FRAME.command, (e) => (encoding.writeVarString(e, '{}'), encoding.writeVarUint(e, 1))),
    code: 4403,
  },
  {
    what: 'a length beyond the frame',
    bytes: frame(FRAME.command, (e) => encoding.writeVarUint(e, 1_000_000)),
    code: 4403,
  },
  {
    what: 'deep JSON',
    bytes: frame(FRAME.command, (e) => encoding.writeVarString(e, '['.repeat(20_000))),
    code: 4403,
  },
  {
    what: 'a command of 70 KiB',
    bytes: frame(FRAME.command, (e) => encoding.writeVarString(e, JSON.stringify('x'.repeat(70_000)))),
    code: 4413,
  },
  { what: 'a frame of 1 MiB', bytes: new Uint8Array(1024 * 1024), code: 4413 },
  { what: 'a frame of 3 MiB', bytes: new Uint8Array(SOCKET_PAYLOAD_BYTES_MAX + 1), code: 1009 },
  {
    what: 'an unknown sync step',
    bytes: frame(
      FRAME.sync,
      (e) => (encoding.writeVarUint(e, 9), encoding.writeVarUint8Array(e, new Uint8Array())),
    ),
    code: 4403,
  },
  {
    what: 'a state vector that promises a million entries',
    bytes: encodeSyncFrame(SYNC.step1, frame(1_000_000)),
    code: 4403,
  },
  { what: 'a V1 update', bytes: encodeSyncFrame(SYNC.update, Y.encodeStateAsUpdate(forged)), code: 4403 },
  { what: 'a V2 update', bytes: encodeSyncFrame(SYNC.step2, v2), code: 4403 },
  {
    what: 'an awareness state of 5 KiB',
    bytes: states(1, JSON.stringify({ x: 'x'.repeat(5_000) })),
    code: 4403,
  },
  { what: 'an awareness state that is a list', bytes: states(1, '[1]'), code: 4403 },
  { what: 'an awareness state that is no JSON', bytes: states(1, '{'), code: 4403 },
  { what: '100,001 awareness states', bytes: states(100_001, '{}'), code: 4413 },
];

test.each(hostile)('S50, S51: $what closes $code, and nothing has changed', async ({ bytes, code }) => {
  const scene = await stage.board();
  const bob = await scene.join('bob');
  const mallory = await scene.join('alice');
  const before = await scene.commandCount();
  mallory.send(bytes);
  expect(await mallory.untilClosed()).toBe(code);
  await bob.roundTrip();
  expect(await scene.commandCount()).toBe(before);
  expect(bob.closed).toBeNull();
  expect(bob.seen('sync').filter(({ step }) => step === SYNC.update)).toEqual([]);
  expect(bob.seen('awareness')).toEqual([]);
  // The server is alive, and decides.
  const node = await scene.node();
  const carol = await scene.join('ada');
  await scene.tell(carol, node, node.creating());
  await bob.until(() => boardMeta(bob.doc).seq === node.state.seq);
});

test('S52: too many messages, and too many bytes, close 4529', async () => {
  const scene = await stage.board();
  const alice = await scene.join('alice');
  const small = encodeSyncFrame(SYNC.update, new Uint8Array([0, 0]));
  for (let sent = 0; sent < 2_000; sent += 1) alice.send(small);
  expect(await alice.untilClosed()).toBe(4529);
  const bob = await scene.join('bob');
  // Ignored, each of them, but not free.
  const echo = states(60_000, '0');
  for (let sent = 0; sent < 20; sent += 1) bob.send(echo);
  expect(await bob.untilClosed()).toBe(4529);
});
