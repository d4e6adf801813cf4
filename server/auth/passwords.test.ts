import { argon2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { Passwords } from './passwords.ts';

const passwords = new Passwords();

test('A1: a password is stored as argon2id with its parameters, under a salt of its own', async () => {
  const [first, second] = await Promise.all([
    passwords.hash('correct horse'),
    passwords.hash('correct horse'),
  ]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(second).not.toBe(first);
  expect(await passwords.verify(first, 'correct horse')).toBe(true);
  expect(await passwords.verify(first, 'correct horsf')).toBe(false);
});

test('A1: a hash is checked with the parameters that stand in it, whatever they are today', async () => {
  const cost = { memory: 64, passes: 3, parallelism: 1, tagLength: 32 };
  const salt = Buffer.from('somesalt');
  const hash = argon2Sync('argon2id', { message: 'password', nonce: salt, ...cost });
  const stored = `$argon2id$v=19$m=64,t=3,p=1$${unpadded(salt)}$${unpadded(hash)}`;
  expect(await passwords.verify(stored, 'password')).toBe(true);
  expect(await passwords.verify(stored.replace('t=3', 't=2'), 'password')).toBe(false);
});

test('A5: the same letters in another Unicode form are the same password', async () => {
  const stored = await passwords.hash('Zo\u00eb-caf\u00e9');
  expect(await passwords.verify(stored, 'Zoe\u0308-cafe\u0301')).toBe(true);
});

test('A3: for an unknown user the same hash is computed, and nothing matches', async () => {
  expect(await passwords.verify(null, '')).toBe(false);
  const stored = await passwords.hash('correct horse');
  const known = await median(() => passwords.verify(stored, 'wrong horse'));
  const unknown = await median(() => passwords.verify(null, 'wrong horse'));
  // A lookup alone takes microseconds, a hash tens of milliseconds.
  expect(unknown).toBeGreaterThan(known / 3);
});

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[2] ?? 0;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
