import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { commandSchema } from './command-schema.ts';
import { FRAME, SYNC } from './frames.ts';
import { heartbeatSchema, helloSchema, verdictSchema } from './message-schema.ts';
import { parseHello, parseVerdict } from './message-schema.ts';
import { PROTOCOL_VERSION } from './version.ts';

test('P3: the shapes on the wire are those of this protocol version', () => {
  // A changed hash means changed shapes: move PROTOCOL_VERSION if an older peer would misunderstand them.
  const shapes = JSON.stringify(
    [FRAME, SYNC, commandSchema, helloSchema, heartbeatSchema, verdictSchema],
    (_key, value: unknown) => (value instanceof RegExp ? value.source : value),
  );
  const hash = createHash('sha256').update(shapes).digest('hex').slice(0, 16);
  expect({ version: PROTOCOL_VERSION, hash }).toEqual({ version: 1, hash: 'de634e342d882ec3' });
});

test('P4: a further field and an unknown refusal are understood; a missing field is not', () => {
  const hello = {
    protocol: 1,
    rulesVersion: 1,
    epoch: 5,
    seq: 0,
    serverTime: 0,
    user: { id: 'u', name: 'alice' },
    role: 'member',
  };
  expect(parseHello({ ...hello, motd: 'hi' })).toMatchObject(hello);
  expect(parseHello({ ...hello, epoch: undefined })).toBeNull();
  expect(parseHello('hello')).toBeNull();
  const refusal = { id: 'c', verdict: 'refused', refusal: { code: 'notInventedYet', teamId: 't' } };
  expect(parseVerdict(refusal)).toEqual(refusal);
  expect(parseVerdict({ id: 'c', verdict: 'maybe' })).toBeNull();
});
