import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttingProxy {
  /** Reaches the same database by way of the proxy. */
  readonly url: string;
  readonly cuts: number;
  /** The statement reaches the server and is carried out; its answer is lost with the connection. Once. */
  cutAfter(statement: string): void;
  /** The connection is lost before the statement reaches the server. Once. */
  cutBefore(statement: string): void;
  stop(): Promise<void>;
}

/** Stands between a client and Postgres, and cuts their connection at a chosen statement. */
export async function startCuttingProxy(url: string): Promise<CuttingProxy> {
  const target = new URL(url);
  let order: { statement: string; when: 'before' | 'after' } | null = null;
  let cuts = 0;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isCut = false;
    const cut = () => {
      cuts += 1;
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      const isOrdered = order !== null && chunk.includes(order.statement);
      if (isOrdered && order?.when === 'before') {
        order = null;
        return cut();
      }
      if (isOrdered) {
        order = null;
        isCut = true;
      }
      upstream.write(chunk);
    });
    // That the server answers means that it is done: only now is the answer lost.
    upstream.on('data', (chunk) => (isCut ? cut() : client.write(chunk)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String((server.address() as AddressInfo).port);
  return {
    url: proxied.href,
    get cuts() {
      return cuts;
    },
    cutAfter: (statement) => (order = { statement, when: 'after' }),
    cutBefore: (statement) => (order = { statement, when: 'before' }),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
