import { createServer } from 'node:net';

/**
 * Promises a port of 127.0.0.1 that nobody listened on a moment ago. Another process may take it before the
 * caller does; the range is large enough that this does not happen in practice.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
      server.close(() => resolve(address.port));
    });
  });
}
