import { randomUUID } from 'node:crypto';
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

  it('takes no entry that says other than its command', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    await node.tell('alice', node.creating());
    const { db } = board;
    const copying = (changes: { seq?: number; commandId?: string; actorId?: string }) => {
      const commandId = changes.commandId ?? randomUUID();
      return db.transaction().execute(async (trx) => {
        await sql`
          insert into command (id, board_id, actor_id, item_id, type, body, decided_at, seq, refusal)
          select cast(${changes.commandId ? randomUUID() : commandId} as uuid), board_id, actor_id, item_id, type, body,
            decided_at, seq + 1, refusal
          from command where board_id = ${board.id} order by seq desc limit 1
        `.execute(trx);
        await sql`
          insert into transition
            (board_id, seq, command_id, item_id, workflow_version, actor_id, at, rules_version, format, events)
          select board_id, seq + cast(${changes.seq ?? 1} as integer), cast(${commandId} as uuid),
            item_id, workflow_version, coalesce(cast(${changes.actorId ?? null} as uuid), actor_id), at, rules_version, format, events
          from transition where board_id = ${board.id} order by seq desc limit 1
        `.execute(trx);
        throw new Error('It was taken.');
      });
    };
    for (const changes of [{ seq: 2 }, { commandId: randomUUID() }, { actorId: board.people.bob }]) {
      await expect(copying(changes)).rejects.toThrow('says other than its command');
    }
    // Unlike what differs in nothing, which shows that the refusals above are of what differs.
    await expect(copying({})).rejects.toThrow('It was taken.');
    await board.expectRowsEqualReplay();
  });

  it('names only what exists, and keeps what it names', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    await node.tell('alice', node.creating());
    const { db } = board;
    const copying = (changes: { boardId?: string; actorId?: string; itemId?: string }) =>
      db.transaction().execute(async (trx) => {
        const id = randomUUID();
        await sql`
          insert into command (id, board_id, actor_id, item_id, type, body, decided_at, seq)
          select cast(${id} as uuid), coalesce(cast(${changes.boardId ?? null} as uuid), board_id),
            coalesce(cast(${changes.actorId ?? null} as uuid), actor_id),
            coalesce(cast(${changes.itemId ?? null} as uuid), item_id), type, body, decided_at, seq + 1
          from command where board_id = ${board.id} order by seq desc limit 1
        `.execute(trx);
        await sql`
          insert into transition
            (board_id, seq, command_id, item_id, workflow_version, actor_id, at, rules_version, format, events)
          select command.board_id, command.seq, command.id, command.item_id, last.workflow_version, command.actor_id,
            last.at, last.rules_version, last.format, last.events
          from command, (select * from transition where board_id = ${board.id} order by seq desc limit 1) as last
          where command.id = ${id}
        `.execute(trx);
        throw new Error('It was taken.');
      });
    await expect(copying({ boardId: randomUUID() })).rejects.toThrow('on a board that does not exist');
    await expect(copying({ actorId: randomUUID() })).rejects.toThrow('of a person who does not exist');
    await expect(copying({ itemId: randomUUID() })).rejects.toThrow('says other than its command');
    await expect(copying({})).rejects.toThrow('It was taken.');

    for (const table of ['user', 'board', 'item'] as const) {
      const removing = db.deleteFrom(table).where('id', '=', randomUUID() as never);
      await expect(removing.execute()).rejects.toThrow(`names rows of ${table}, which stay`);
      const renaming = sql`update ${sql.table(table)} set id = ${randomUUID()}`;
      await expect(renaming.execute(db)).rejects.toThrow(`names rows of ${table}, which stay`);
    }
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
