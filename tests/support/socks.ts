import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Answers the greeting and the request of SOCKS 5 (RFC 1928, no sign-in); resolves with the port that is asked for. */
export async function acceptSocks(browser: Socket): Promise<number> {
  const [, methodCount = 0] = await read(browser, 2);
  await read(browser, methodCount);
  browser.write(Buffer.from([5, 0]));
  const [, , , addressType = 0] = await read(browser, 4);
  // IPv4, a name with its length before it, or IPv6.
  const addressBytes = addressType === 1 ? 4 : addressType === 4 ? 16 : ((await read(browser, 1))[0] ?? 0);
  await read(browser, addressBytes);
  const port = (await read(browser, 2)).readUInt16BE();
  browser.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  return port;
}

/** Exactly so many bytes; never resolves if the connection ends before. */
async function read(socket: Socket, bytes: number): Promise<Buffer> {
  if (bytes === 0) return Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read(bytes) as Buffer | null;
    if (chunk !== null) return chunk;
    await once(socket, 'readable');
  }
}
