import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';

const SOON_MS = 15_000;

/** One end of a connection, with all that it has read. */
class End {
  readonly socket: Socket;
  text = '';
  chunks = 0;
  isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
      this.chunks += 1;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.isClosed = true));
  }
}

let server: Server;
let proxy: FaultProxy;
let accepted: End[];
const clients: End[] = [];

beforeEach(async () => {
  accepted = [];
  server = createServer((socket) => void accepted.push(new End(socket))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await FaultProxy.start({ port: (server.address() as AddressInfo).port });
});
afterEach(async () => {
  for (const { socket } of [...clients.splice(0), ...accepted]) socket.destroy();
  await proxy.stop();
  server.close();
});

function dial(): End {
  const client = new End(connect(proxy.port, '127.0.0.1'));
  clients.push(client);
  return client;
}

/** Both ends of one connection that works. */
async function line(): Promise<{ client: End; far: End }> {
  const known = accepted.length;
  const client = dial();
  client.socket.write('hello ');
  const far = await vi.waitFor(() => {
    const end = accepted[known];
    if (end?.text !== 'hello ') throw new Error('not there yet');
    return end;
  }, SOON_MS);
  far.socket.write('welcome ');
  await expect.poll(() => client.text).toBe('welcome ');
  return { client, far };
}

const untilClosed = (...ends: End[]) =>
  vi.waitFor(() => {
    for (const end of ends) expect(end.isClosed).toBe(true);
  }, SOON_MS);

describe('the fault proxy', () => {
  test('resets what is open, and lets the next connection through', async () => {
    const { client, far } = await line();
    proxy.reset();
    await untilClosed(client, far);
    expect(proxy.counts.resets).toBe(1);
    await line();
  });

  test('cuts everything until it is healed', async () => {
    const { client, far } = await line();
    proxy.cut();
    await untilClosed(client, far);
    await untilClosed(dial());
    expect(proxy.counts.refused).toBe(1);
    proxy.heal();
    await line();
  });

  test.each(['toServer', 'toClient'] as const)(
    'is half-open %s: the other way works, nobody is told',
    async (lost) => {
      const { client, far } = await line();
      proxy.silence(lost);
      const [heard, unheard] = lost === 'toServer' ? [far, client] : [client, far];
      unheard.socket.write('lost');
      heard.socket.write('through');
      await expect.poll(() => unheard.text).toContain('through');
      await expect.poll(() => proxy.counts.silencedBytes).toBe(4);
      unheard.socket.end();
      // A new connection suffers the same until the proxy is healed; the old one stays as it is.
      proxy.heal();
      await line();
      expect(heard.text).not.toContain('lost');
      expect(heard.isClosed).toBe(false);
    },
  );

  test('holds what is sent, and lets all of it go on in order', async () => {
    const { client, far } = await line();
    proxy.hold('toServer');
    client.socket.write('one ');
    client.socket.write('two');
    far.socket.write('meanwhile');
    await expect.poll(() => client.text).toBe('welcome meanwhile');
    expect(far.text).toBe('hello ');
    proxy.release();
    await expect.poll(() => far.text).toBe('hello one two');
  });

  test('lets so many bytes a second through, all of them and in order, before the end', async () => {
    const { client, far } = await line();
    proxy.slow(5_000);
    const text = 'abcdefghij'.repeat(200);
    const startedAt = performance.now();
    client.socket.end(text);
    await untilClosed(far);
    expect(far.text).toBe(`hello ${text}`);
    expect(performance.now() - startedAt).toBeGreaterThan(300);
    expect(proxy.counts.slowBytes).toBe(2_000);
  });

  test('slices into single bytes', async () => {
    const { client, far } = await line();
    proxy.slice(1);
    client.socket.write('abcdefghij');
    await expect.poll(() => far.text).toBe('hello abcdefghij');
    expect(proxy.counts.slices).toBe(10);
  });

  test('ends a connection before, within and after what it waits for, also where that comes in two pieces', async () => {
    const before = await line();
    const happened = proxy.once({ direction: 'toServer', pattern: 'commit', then: 'cut' });
    before.client.socket.write('com');
    await expect.poll(() => before.far.text).toBe('hello com');
    before.client.socket.write('mit');
    await happened;
    await untilClosed(before.client, before.far);
    expect(before.far.text).toBe('hello com');

    const within = await line();
    void proxy.once({ direction: 'toClient', pattern: 'verdict', then: 'truncate' });
    within.far.socket.write('verdict!');
    await untilClosed(within.client);
    expect(within.client.text).toBe('welcome verd');
    expect(proxy.counts.truncated).toBe(1);

    const after = await line();
    void proxy.once({ direction: 'toServer', pattern: 'commit', then: 'loseAnswer' });
    after.client.socket.write('commit');
    await expect.poll(() => after.far.text).toBe('hello commit');
    after.far.socket.write('done');
    await untilClosed(after.client);
    expect(after.client.text).toBe('welcome ');
    expect(proxy.counts.lostAnswers).toBe(1);
    // Once: the next one passes.
    const next = await line();
    next.client.socket.write('commit');
    await expect.poll(() => next.far.text).toBe('hello commit');
  });

  test('holds a request, or its answer, on one connection and no other', async () => {
    const { client, far } = await line();
    const other = await line();
    const held = proxy.once({ direction: 'toServer', pattern: 'commit', then: 'holdAnswer' });
    client.socket.write('commit');
    await expect.poll(() => far.text).toBe('hello commit');
    await held;
    far.socket.write('done');
    await expect.poll(() => proxy.counts.held).toBe(1);
    other.far.socket.write('undisturbed');
    await expect.poll(() => other.client.text).toBe('welcome undisturbed');
    expect(client.text).toBe('welcome ');
    proxy.release();
    await expect.poll(() => client.text).toBe('welcome done');

    const asked = proxy.once({ direction: 'toServer', pattern: 'begin', then: 'hold' });
    client.socket.write('begin');
    await asked;
    expect(far.text).toBe('hello commit');
    proxy.release();
    await expect.poll(() => far.text).toBe('hello commitbegin');
  });

  test('silences every connection over which something passes', async () => {
    const lines = [await line(), await line()];
    void proxy.always({ direction: 'toClient', pattern: 'hint', then: 'silence' });
    for (const { far } of lines) far.socket.write('hint');
    await expect.poll(() => proxy.counts.silencedBytes).toBe(8);
    for (const { client } of lines) expect(client.text).toBe('welcome ');
  });
});
