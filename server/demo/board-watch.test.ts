import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { createBoardDocument } from '#lib/board/projection.ts';
import { encodeJsonFrame, encodeSyncFrame, FRAME, SYNC } from '#lib/protocol/frames.ts';
import { emptyBoard } from '#lib/workflow/board-state.ts';
import type { BoardId, TeamId } from '#lib/workflow/ids.ts';
import { ApiClient } from './api-client.ts';
import { BoardWatch } from './board-watch.ts';

const boardId = 'board' as BoardId;

test('nothing that a server sends besides the board is complained of', async () => {
  const complained = vi.spyOn(console, 'error').mockReturnValue();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    for (const type of [FRAME.hello, FRAME.verdict, FRAME.heartbeat, FRAME.bell])
      socket.send(encodeJsonFrame(type, {}));
    socket.send(encodeSyncFrame(SYNC.step2, Y.encodeStateAsUpdate(boardOfSales())));
  });
  const { port } = server.address() as AddressInfo;
  const watch = new BoardWatch(new ApiClient(`http://127.0.0.1:${String(port)}`), boardId);
  try {
    await expect.poll(() => watch.state.teams.size).toBe(1);
    expect(complained).not.toHaveBeenCalled();
  } finally {
    watch.stop();
    server.close();
    complained.mockRestore();
  }
});

function boardOfSales(): Y.Doc {
  const sales = {
    id: 'sales' as TeamId,
    name: 'Sales',
    color: 'blue',
    position: 0,
    itemLimit: null,
  } as const;
  const state = emptyBoard({ boardId, teams: [sales], workflows: [], members: [] });
  return createBoardDocument({ state, board: { name: 'Onboarding' }, people: [], items: [] });
}
