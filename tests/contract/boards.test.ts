import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { findBoardOfItem, loadBoardState, readItem } from '../../server/persistence/board-rows.ts';
import { BoardStore } from '../../server/persistence/board-store.ts';
import { replayBoard } from '../../server/persistence/replay.ts';
import { UserStore } from '../../server/persistence/user-store.ts';
import type { BoardId, ItemId } from '../../src/lib/workflow/ids.ts';
import { instantiateTemplate } from '../../src/lib/workflow/templates/instantiate.ts';
import { sampleCommands } from '../../src/lib/workflow/templates/sample-commands.ts';
import { WORKFLOW_TEMPLATES } from '../../src/lib/workflow/templates/templates.ts';
import { describeOnBoth } from './databases.ts';
import { comparable, newId, NOW_MS } from './contract-board.ts';
import { StoredBoard } from './stored-board.ts';

describeOnBoth('Boards', (database) => {
  it.each(WORKFLOW_TEMPLATES.map(({ id }) => id))(
    'are made from the template %s with its samples',
    async (id) => {
      const { db } = database();
      const { people } = await StoredBoard.create(db);
      const template = WORKFLOW_TEMPLATES.find((each) => each.id === id);
      if (!template) throw new Error('no such template');
      const ground = instantiateTemplate(template, randomUUID);
      const boardId = newId<BoardId>();
      const firstCommands = sampleCommands(ground, people.ada, randomUUID);
      const { teams, workflow } = ground;
      await new BoardStore(db).create(
        { id: boardId, name: 'New', teams, workflow, createdBy: people.ada, firstCommands },
        NOW_MS,
      );

      const loaded = await loadBoardState(db, boardId, NOW_MS);
      const replayed = await replayBoard(db, boardId);
      expect(loaded && comparable(loaded.state)).toEqual(comparable(replayed));
      expect(loaded?.state.items).toEqual(replayed.items);
      expect(loaded?.state.nextNumber).toBe(template.sampleItems.length + 1);
      const [oldest] = firstCommands;
      const first = loaded?.state.items.get(oldest?.command.itemId as ItemId);
      expect(first?.createdAt).toBe(oldest && NOW_MS - oldest.agoMs);
    },
  );

  it('are not made at all when one of their first commands is refused', async () => {
    const { db } = database();
    const board = await StoredBoard.create(db);
    const node = await board.node();
    const id = newId<BoardId>();
    const teams = [...node.state.teams.values()];
    const firstCommands = [{ command: node.commenting(newId()), agoMs: 0 }];
    const { workflow } = board;
    const creating = new BoardStore(db).create(
      { id, name: 'Broken', teams, workflow, createdBy: board.people.ada, firstCommands },
      NOW_MS,
    );
    await expect(creating).rejects.toThrow(/noSuchItem/);
    expect(await loadBoardState(db, id, NOW_MS)).toBeNull();
  });

  it('have every admin of the installation on them from the start', async () => {
    const { db } = database();
    const admin = await new UserStore(db).add({
      name: 'olga',
      email: `olga-${randomUUID()}@example.com`,
      passwordHash: 'none',
      isAdmin: true,
    });
    if (!admin) throw new Error('There is an olga already.');
    const board = await StoredBoard.create(db);
    expect((await board.node()).state.members.get(admin.id)).toEqual({
      userId: admin.id,
      isAdmin: true,
      roles: {},
    });
    expect(await new BoardStore(db).listForUser(admin.id)).toContainEqual({
      id: board.id,
      name: 'Onboarding',
      isAdmin: true,
      roles: {},
    });
  });

  it('are listed for those who belong to them: for alice with her role, for nobody who left', async () => {
    const board = await StoredBoard.create(database().db);
    const boards = new BoardStore(database().db);
    const { alice, bob } = board.people;
    const entry = { id: board.id, name: 'Onboarding', isAdmin: false };
    expect(await boards.listForUser(alice)).toEqual([{ ...entry, roles: { [board.teams.sales]: 'member' } }]);
    await (await board.node()).tell('ada', board.joining('bob', {}));
    expect(await boards.listForUser(bob)).toEqual([]);
    expect(await boards.listForUser(newId())).toEqual([]);
    expect(await boards.listIds()).toContain(board.id);
  });

  it('are found by an item of theirs', async () => {
    const board = await StoredBoard.create(database().db);
    const node = await board.node();
    const command = node.creating();
    await node.tell('alice', command);
    expect(await findBoardOfItem(board.db, command.itemId)).toBe(board.id);
    expect(await findBoardOfItem(board.db, newId())).toBeNull();
    expect(await readItem(board.db, command.itemId)).toEqual(node.item(command.itemId));
  });
});
