import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { itemsFromDocument } from '../../src/lib/board/document.ts';
import { CLOSE } from '../../src/lib/protocol/close-codes.ts';
import { SYNC } from '../../src/lib/protocol/frames.ts';
import { COMMIT_BATCH_MAX } from '../../server/persistence/command-log.ts';
import type { PersonName } from '../contract/contract-board.ts';
import { Stage } from '../integration/sync/stage.ts';
import { fullStateOf, openMemoryRoom } from './memory-room.ts';

const JOINERS = 300;
/** So that nobody has more connections than one person may. */
const NAMES = ['alice', 'bob', 'carol', 'dave', 'vera'] as const satisfies readonly PersonName[];

const nameOf = (index: number): PersonName => NAMES[index % NAMES.length] ?? 'alice';
/** Some seconds of a quiet machine; a busy one may take longer. */
const PATIENT = { timeout: 90_000 };
const stage = new Stage();

test.each([500, 5_000])(
  'S18: 300 who join a board of %i items at once are sent one frame, encoded once',
  PATIENT,
  async (count) => {
    const { room, join, board, node, endTurn } = await openMemoryRoom(count);
    const peers = await Promise.all(Array.from({ length: JOINERS }, (_, index) => join(nameOf(index))));
    expect(room.peerCount).toBe(JOINERS);
    // The very same object, and not just equal ones: it was made once.
    expect(new Set(peers.map(fullStateOf)).size).toBe(1);
    const [first] = peers;
    first?.read();
    expect([...itemsFromDocument(first?.doc ?? expect.unreachable('Nobody has joined.'))]).toHaveLength(
      count,
    );

    await room.submit({ command: node.creating(), actorId: board.people.alice });
    endTurn();
    const later = await Promise.all(Array.from({ length: JOINERS }, (_, index) => join(nameOf(index))));
    expect(new Set(later.map(fullStateOf)).size).toBe(1);
    room.close(CLOSE.restarting);
  },
);

test(
  'S18: 300 who connect to a board of 500 items at once are all let in, and receive the same bytes',
  PATIENT,
  async () => {
    const scene = await stage.board();
    const node = await scene.node();
    for (let made = 0; made < 500; made += COMMIT_BATCH_MAX) {
      const batch = Array.from({ length: Math.min(COMMIT_BATCH_MAX, 500 - made) }, () => node.creating());
      await node.commit(...batch.map((command) => ['alice', command] as const));
    }
    const clients = await Promise.all(
      Array.from({ length: JOINERS }, (_, index) => scene.join(nameOf(index))),
    );
    const received = clients.map((client) => client.seen('sync').find(({ step }) => step === SYNC.step2));
    const digests = received.map((frame) =>
      createHash('sha256')
        .update(frame?.bytes ?? '')
        .digest('hex'),
    );
    expect(new Set(digests).size).toBe(1);
    const [first] = clients;
    expect([...itemsFromDocument(first?.doc ?? expect.unreachable('Nobody has joined.'))]).toHaveLength(500);
    expect(clients.map(({ closed }) => closed).filter((closed) => closed !== null)).toEqual([]);
  },
);
