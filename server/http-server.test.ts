import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { closeServer, listen, tryPort } from './http-server.ts';

test('a port that can be had is free again after trying it', async () => {
  const server = createServer();
  const address = { host: '127.0.0.1', port: 0 };
  expect(await tryPort(address)).toEqual({ ok: true, value: undefined });
  expect(await listen(server, address)).toEqual({ ok: true, value: undefined });
  await closeServer(server);
});

test('an address that is not of this machine is named', async () => {
  const tried = await tryPort({ host: '192.0.2.1', port: 0 });
  expect(tried).toEqual({ ok: false, refusal: 'HOST is "192.0.2.1", which is no address of this machine.' });
});

test('an IPv6 address may stand in brackets', async () => {
  const tried = await tryPort({ host: '[::1]', port: 0 });
  // Not every machine has IPv6; then the answer is that it has no such address.
  expect(tried.ok || tried.refusal.includes('[::1]')).toBe(true);
});
