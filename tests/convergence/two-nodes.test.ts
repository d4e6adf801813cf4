import { expect, test } from 'vitest';
import { boardMeta, itemsFromDocument } from '../../src/lib/board/document.ts';
import { CLOSE } from '../../src/lib/protocol/close-codes.ts';
import { CommandLog } from '../../server/persistence/command-log.ts';
import { loadBoardState } from '../../server/persistence/board-rows.ts';
import { BoardRoom } from '../../server/sync/board-room.ts';
import { NOW_MS } from '../contract/contract-board.ts';
import { StoredBoard } from '../contract/stored-board.ts';
import { Stage } from '../integration/sync/stage.ts';
import { Seeded } from './seeded.ts';
import { SimulatedClient } from './simulated-client.ts';

const stage = new Stage();
const STEPS = 120;

/** One node: a room, and its event-loop turns, which end when the simulation says so. */
class SimulatedNode {
  readonly room: BoardRoom;
  #turns: (() => void)[] = [];

  private constructor(room: (nextTurn: (run: () => void) => void) => BoardRoom) {
    this.room = room((run) => void this.#turns.push(run));
  }

  static async open(board: StoredBoard): Promise<SimulatedNode> {
    const loaded = await loadBoardState(board.db, board.id, NOW_MS);
    if (!loaded) throw new Error('There is no board.');
    const silent = () => undefined;
    const logger = { info: silent, warn: silent, error: silent };
    const log = new CommandLog(board.db);
    const readName = async () => 'somebody';
    const onBroken = () => expect.unreachable('A room broke.');
    return new SimulatedNode(
      (nextTurn) =>
        new BoardRoom(
          loaded,
          { log, now: () => NOW_MS, logger, nextTurn, structsFree: 20_000, readName },
          { loadedAt: NOW_MS, onBroken },
        ),
    );
  }

  endTurn(): void {
    for (const run of this.#turns.splice(0)) run();
  }
}

async function simulate(seed: number) {
  const random = new Seeded(seed);
  const board = await StoredBoard.create(stage.database.db, { legal: 3 });
  const nodes = [await SimulatedNode.open(board), await SimulatedNode.open(board)];
  const clients = (['alice', 'bob', 'carol', 'dave', 'ada'] as const).map(
    (name) => new SimulatedClient(name, board),
  );
  let reconnects = 0;
  let restarts = 0;
  for (const client of clients) await client.connect(random.pick(nodes).room);

  for (let step = 0; step < STEPS; step += 1) {
    const client = random.pick(clients);
    const kind = random.next();
    if (kind < 0.4) await client.issue(client.invent(random));
    else if (kind < 0.65) client.read(1 + random.below(3));
    else if (kind < 0.8) random.pick(nodes).endTurn();
    else if (kind < 0.86) await random.pick(nodes).room.look();
    else if (kind < 0.9) await new Promise((resolve) => setTimeout(resolve, random.below(8)));
    else if (kind < 0.99) {
      client.disconnect();
      await client.connect(random.pick(nodes).room);
      reconnects += 1;
    } else {
      // A node ends without a word to anybody, and another one takes its place.
      const index = random.below(nodes.length);
      const gone = nodes[index]?.room;
      for (const one of clients.filter(({ room }) => room === gone)) one.disconnect();
      gone?.close(CLOSE.restarting);
      nodes[index] = await SimulatedNode.open(board);
      restarts += 1;
    }
  }

  // The faults are over: within a few rounds everything has a verdict, and everybody is at the head.
  for (const client of clients) if (!client.room) await client.connect(random.pick(nodes).room);
  for (const { room } of nodes) {
    await room.settle();
  }
  for (const node of nodes) {
    await node.room.look();
    node.endTurn();
  }
  for (const client of clients) client.read();
  return { board, nodes, clients, reconnects, restarts };
}

const seeds = Array.from({ length: 8 }, (_, index) => 20_261_123 + index);
const total = { accepted: 0, refused: 0, reconnects: 0, restarts: 0 };

test.each(seeds)(
  'seed %i: after any order of events every client shows the log, and every command has one verdict',
  async (seed) => {
    const { board, nodes, clients, reconnects, restarts } = await simulate(seed);
    const rows = await board.rows();
    const loaded = await loadBoardState(board.db, board.id, NOW_MS);
    await board.expectRowsEqualReplay();
    for (const client of clients) {
      const { doc } = client.peer;
      expect(client.outbox, `${client.name} waits for a verdict`).toEqual([]);
      expect(boardMeta(doc).seq).toBe(loaded?.state.seq);
      expect(boardMeta(doc).seq).toBeGreaterThanOrEqual(client.seenSeq);
      expect([...itemsFromDocument(doc)].sort((a, b) => a.number - b.number)).toEqual(rows);
      expect(doc.store.pendingStructs).toBeNull();
      for (const { verdict } of client.verdicts.values()) total[verdict] += 1;
    }
    const told = clients.flatMap((client) => [...client.verdicts.values()]);
    const logged = await board.db
      .selectFrom('command')
      .select(['id', 'seq'])
      .where('board_id', '=', board.id)
      .execute();
    const seqOf = new Map(logged.map(({ id, seq }) => [id, seq]));
    for (const verdict of told) {
      expect(seqOf.get(verdict.id)).toBe(verdict.verdict === 'accepted' ? verdict.seq : null);
    }
    total.reconnects += reconnects;
    total.restarts += restarts;
    for (const { room } of nodes) room.close(CLOSE.restarting);
  },
);

test('the seeds together did something: commands were accepted and refused, connections and nodes were lost', () => {
  expect(total.accepted).toBeGreaterThan(100);
  expect(total.refused).toBeGreaterThan(20);
  expect(total.reconnects).toBeGreaterThan(30);
  expect(total.restarts).toBeGreaterThan(2);
});
