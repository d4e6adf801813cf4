// A bare `ws` relay: every frame goes to everybody who is on the same path. Nothing is read, kept or checked, so this
// is what the sockets alone cost. Argument: the port.
import { WebSocketServer, type WebSocket } from 'ws';

const [port = ''] = process.argv.slice(2);
const rooms = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(port), perMessageDeflate: false });
server.on('connection', (socket, request) => {
  const room = rooms.get(request.url ?? '') ?? new Set();
  rooms.set(request.url ?? '', room.add(socket));
  socket.on('message', (data: Buffer) => {
    for (const other of room) other.send(data);
  });
  socket.on('close', () => room.delete(socket));
  socket.on('error', () => socket.terminate());
});
server.on('listening', () => process.stdout.write('ready\n'));
