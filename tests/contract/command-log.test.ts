import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../convergence/world/memory-store.ts';
import { commandLogSuite } from './command-log-suite.ts';
import { describeOnBoth } from './databases.ts';
import { MemoryBoard } from './memory-board.ts';
import { StoredBoard } from './stored-board.ts';

describeOnBoth('The command log', (database) => {
  commandLogSuite(() => StoredBoard.create(database().db));

  it('does not let itself be rewritten', async () => {
    const board = await StoredBoard.create(database().db);
    const { db } = board;
    await expect(sql`update transition set at = now()`.execute(db)).rejects.toThrow(/append-only/);
    await expect(sql`delete from transition`.execute(db)).rejects.toThrow(/append-only/);
    await expect(sql`update command set actor_id = ${board.people.bob}`.execute(db)).rejects.toThrow(
      /append-only/,
    );
    await expect(sql`truncate command cascade`.execute(db)).rejects.toThrow(/append-only/);
    await board.expectRowsEqualReplay();
  });

  it('tells every listener where to look after a commit', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    const heard: unknown[] = [];
    const stop = await database().listen((hint) => heard.push(hint));
    const command = node.creating();
    await node.tell('alice', command);
    await expect.poll(() => heard).toContainEqual({ kind: 'board', boardId: board.id, seq: node.state.seq });
    expect(node.item(command.itemId).number).toBe(1);
    await stop();
  });
});

// Not a database, and no test of one: it stands in for one in the simulation, and may do so as long as this passes.
describe('The command log (in the memory of the simulation)', () => {
  commandLogSuite(() => MemoryBoard.create(new MemoryStore()));
});
