import { Hono } from 'hono';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { createLogger } from '../logger.ts';
import { respondToError } from './respond.ts';
import { serveFiles } from './static.ts';
import { StaticFiles } from './static-files.ts';

const script = `console.log('${'baton '.repeat(500)}');`;
const folder = mkdtempSync(join(tmpdir(), 'baton-build-'));
mkdirSync(join(folder, '_app/immutable'), { recursive: true });
writeFileSync(join(folder, '200.html'), '<!doctype html><title>Baton</title>');
writeFileSync(join(folder, '_app/immutable/start.abc.js'), script);
writeFileSync(join(folder, '_app/version.json'), '{"version":"1"}');
writeFileSync(join(folder, '.fingerprint'), 'abc');
afterAll(() => rmSync(folder, { recursive: true }));

const app = appFor(folder);
const navigation = { headers: { accept: 'text/html,application/xhtml+xml' } };

function appFor(directory: string): Hono {
  const made = new Hono();
  made.use(serveFiles(new StaticFiles(directory)));
  made.onError((error, c) =>
    respondToError(
      error,
      c,
      createLogger(
        () => undefined,
        () => 0,
      ),
    ),
  );
  return made;
}

test('a hashed asset may be kept for ever, everything else is asked for again', async () => {
  const asset = await app.request('/_app/immutable/start.abc.js');
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(asset.headers.get('content-type')).toMatch('text/javascript');
  expect(await asset.text()).toBe(script);
  const version = await app.request('/_app/version.json');
  expect(version.headers.get('cache-control')).toBe('no-cache');
});

test('every address that somebody navigates to answers with the page, and never by a redirect', async () => {
  for (const address of ['/', '/b/1234', '/sign-in/', '/no//such']) {
    const answer = await app.request(address, navigation);
    expect([address, answer.status]).toEqual([address, 200]);
    expect(await answer.text()).toContain('<title>Baton</title>');
  }
});

test('a script of an older build is a 404, not a page', async () => {
  const answer = await app.request('/_app/immutable/gone.js', { headers: { accept: '*/*' } });
  expect(answer.status).toBe(404);
});

test('the names of the server are never a page', async () => {
  for (const address of ['/api', '/api/v1/nothing', '/sync/board/1', '/healthz']) {
    expect((await app.request(address, navigation)).status).toBe(404);
  }
  expect((await app.request('/apiary', navigation)).status).toBe(200);
});

test('nothing outside the folder, and no dot-file, can be read', async () => {
  for (const address of [
    '/.fingerprint',
    '/../etc/passwd',
    '/%2e%2e/etc/passwd',
    '/_app/..%2f.fingerprint',
  ]) {
    expect((await app.request(address)).status).toBe(404);
  }
});

test('text travels compressed when the browser can read it', async () => {
  const address = '/_app/immutable/start.abc.js';
  const ask = (encodings: string) => app.request(address, { headers: { 'accept-encoding': encodings } });
  const brotli = await ask('gzip, deflate, br');
  expect(brotli.headers.get('content-encoding')).toBe('br');
  expect(brotli.headers.get('vary')).toBe('Accept-Encoding');
  expect(brotliDecompressSync(await brotli.arrayBuffer()).toString()).toBe(script);
  const gzip = await ask('gzip, br;q=0');
  expect(gunzipSync(await gzip.arrayBuffer()).toString()).toBe(script);
  expect((await ask('identity')).headers.get('content-encoding')).toBeNull();
});

test('a file that has not changed is not sent again', async () => {
  const first = await app.request('/_app/version.json');
  const tag = first.headers.get('etag') ?? '';
  const again = await app.request('/_app/version.json', { headers: { 'if-none-match': tag } });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
});

test('a server whose browser part was never built says what to do', async () => {
  const answer = await appFor(join(folder, 'none')).request('/', navigation);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('npm run build');
});
