import { beforeEach, expect, it } from 'vitest';
import { COMMIT_BATCH_MAX } from '../../server/persistence/command-log.ts';
import type { CommandId, ItemId, UserId } from '../../src/lib/workflow/ids.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { comparable, newId, NOW_MS, type BoardNode, type ContractBoard } from './contract-board.ts';

const DAY_MS = 86_400_000;

/** What every command log promises, whatever it is kept in. `create` makes a new board in the store under test. */
export function commandLogSuite(create: () => Promise<ContractBoard>): void {
  let board: ContractBoard;
  let node: BoardNode;

  beforeEach(async () => {
    board = await create();
    node = await board.node();
  });

  async function created(fields = {}): Promise<ItemId> {
    const command = node.creating(fields);
    await node.tell('alice', command);
    return command.itemId;
  }

  async function closed(): Promise<ItemId> {
    const itemId = await created();
    await node.tell('alice', node.offering(itemId));
    await node.tell('bob', node.accepting(itemId));
    await node.tell('bob', node.completing(itemId));
    return itemId;
  }

  it('gives an accepted command the next seq, and keeps command, entry and row together', async () => {
    const before = node.state.seq;
    const command = node.creating({
      facts: { title: 'Acme', seats: 12, signed: false, company: 'Ünïcode 🎉 "\\u0000"' },
    });
    const outcome = await node.submit('alice', command);

    expect(outcome).toEqual({ kind: 'accepted', seq: before + 1, at: NOW_MS, isRepeat: false });
    expect(await board.commandRow(command.id)).toMatchObject({
      seq: before + 1,
      refusal: null,
      body: command,
    });
    expect(await node.log.headSeq(board.id)).toBe(before + 1);
    expect(await board.rows()).toEqual([node.item(command.itemId)]);
    await board.expectRowsEqualReplay();
  });

  it('logs a refusal with its reason, and changes nothing else', async () => {
    const itemId = await created();
    const seq = node.state.seq;
    const command = node.claiming(itemId);

    const outcome = await node.submit('bob', command);
    const refusal = { code: 'notYourTeam', teamId: board.teams.sales, role: 'member' };
    expect(outcome).toEqual({ kind: 'refused', refusal, isRepeat: false });
    expect(await board.commandRow(command.id)).toMatchObject({
      seq: null,
      refusal,
      actor_id: board.people.bob,
    });
    expect(await node.log.headSeq(board.id)).toBe(seq);
    expect(node.item(itemId).ownerId).toBeNull();
    await board.expectRowsEqualReplay();
  });

  it('answers a command that comes again with its first verdict, on any node and at any later time', async () => {
    const command = node.creating();
    const first = await node.submit('alice', command);
    const refusedCommand = node.claiming(command.itemId);
    const refused = await node.submit('bob', refusedCommand);
    await node.tell('alice', node.claiming(command.itemId));

    const other = await board.node(NOW_MS + DAY_MS);
    const reordered = Object.fromEntries(Object.entries(command).reverse()) as typeof command;
    expect(await other.submit('alice', reordered)).toEqual({ ...first, isRepeat: true });
    expect(await other.submit('bob', refusedCommand)).toEqual({ ...refused, isRepeat: true });
    expect((await board.rows()).length).toBe(1);
    await board.expectRowsEqualReplay();
  });

  it('decides a command once that stands twice in one batch', async () => {
    const command = node.creating();
    const { outcomes, entries } = await node.commit(['alice', command], ['alice', command]);

    expect(entries).toHaveLength(1);
    expect(outcomes).toMatchObject([
      { kind: 'accepted', seq: entries[0]?.seq, isRepeat: false },
      { kind: 'accepted', seq: entries[0]?.seq, isRepeat: true },
    ]);
    const comment = node.commenting(newId());
    const refused = await node.commit(['alice', comment], ['alice', comment]);
    expect(refused.outcomes).toMatchObject([
      { refusal: { code: 'noSuchItem' }, isRepeat: false },
      { refusal: { code: 'noSuchItem' }, isRepeat: true },
    ]);
    await board.expectRowsEqualReplay();
  });

  it('refuses an id that is used again: with other contents, by another person, on another board', async () => {
    const command = node.creating();
    await node.tell('alice', command);
    const elsewhere = await (await board.another()).node();
    const idReused = { kind: 'refused', refusal: { code: 'idReused' }, isRepeat: false };

    expect(await node.submit('alice', { ...command, facts: { title: 'Bcme' } })).toEqual(idReused);
    expect(await node.submit('ada', command)).toEqual(idReused);
    expect(await elsewhere.submit('alice', { ...elsewhere.creating(), id: command.id })).toEqual(idReused);
    const twins = await node.commit(
      ['alice', node.creating({ id: '6b1ff1a5-1d43-4d0c-8a35-000000000001' })],
      ['alice', node.creating({ id: '6b1ff1a5-1d43-4d0c-8a35-000000000001' })],
    );
    expect(twins.outcomes).toMatchObject([{ kind: 'accepted' }, idReused]);
    expect(await board.commandRow(command.id)).toMatchObject({
      actor_id: board.people.alice,
      board_id: board.id,
    });
  });

  it('decides each command of a batch after the ones before it: of alice and ada, one claims', async () => {
    const itemId = await created();
    const basis = { seq: node.item(itemId).responsibility.seq };
    const { outcomes } = await node.commit(
      ['alice', node.claiming(itemId, basis)],
      ['ada', node.claiming(itemId, basis)],
    );

    expect(outcomes).toMatchObject([
      { kind: 'accepted' },
      { refusal: { code: 'itemMovedOn', by: board.people.alice, event: 'itemClaimed' } },
    ]);
    expect(node.item(itemId).ownerId).toBe(board.people.alice);
    await board.expectRowsEqualReplay();
  });

  it('accepts a chain that alice made offline, in one batch or over several and across a restart', async () => {
    const creating = node.creating();
    const claiming = node.claiming(creating.itemId, { after: creating.id });
    await node.commit(['alice', creating], ['alice', claiming]);

    const restarted = await board.node();
    const offering = restarted.offering(creating.itemId, { after: claiming.id });
    expect(await restarted.submit('alice', offering)).toMatchObject({ kind: 'accepted' });
    await board.expectRowsEqualReplay();
  });

  it('refuses what depends on a refused command, in the same batch and after a restart', async () => {
    const itemId = await created();
    const refused = node.claiming(itemId);
    const next = node.offering(itemId, { after: refused.id });
    const { outcomes } = await node.commit(['bob', refused], ['bob', next]);
    const dependsOnRefused = { code: 'dependsOnRefused', commandId: refused.id };
    expect(outcomes[1]).toMatchObject({ refusal: dependsOnRefused });

    const restarted = await board.node();
    const later = restarted.offering(itemId, { after: refused.id });
    expect(await restarted.submit('bob', later)).toMatchObject({ refusal: dependsOnRefused });
    const unknown = newId<CommandId>();
    expect(await restarted.submit('alice', restarted.offering(itemId, { after: unknown }))).toMatchObject({
      refusal: { code: 'dependsOnRefused', commandId: unknown },
    });
  });

  it('lets a node that is behind decide against the head of the log, and tells it what it missed', async () => {
    const itemId = await created();
    const behind = await board.node();
    await node.tell('alice', node.claiming(itemId));
    await node.tell('alice', node.offering(itemId));

    const { missed, outcomes } = await behind.commit(['ada', behind.claiming(itemId)]);
    expect(missed.map((entry) => entry.events.map(({ type }) => type))).toEqual([
      ['itemClaimed'],
      ['handoffOffered'],
    ]);
    expect(outcomes).toMatchObject([{ refusal: { code: 'itemMovedOn', event: 'handoffOffered' } }]);
    expect(comparable(behind.state)).toEqual(comparable(node.state));
    expect(behind.item(itemId)).toEqual(node.item(itemId));
  });

  it('keeps the limit of a lane exact when the last place is taken on another node', async () => {
    board = await board.another({ sales: 1 });
    node = await board.node();
    const behind = await board.node();
    await created();

    expect(await behind.submit('alice', behind.creating())).toMatchObject({
      refusal: { code: 'laneFull', limit: 1, count: 1 },
    });
    await board.expectRowsEqualReplay();
  });

  it('leaves items closed long ago out of the state, and loads one when a command names it', async () => {
    const itemId = await closed();
    const later = await board.node(NOW_MS + 15 * DAY_MS);
    expect(later.state.items.has(itemId)).toBe(false);
    expect((await board.node(NOW_MS + 13 * DAY_MS)).state.items.has(itemId)).toBe(true);

    const { loadedItems, outcomes } = await later.commit(
      ['ada', later.reopening(itemId)],
      ['alice', later.creating({ itemId })],
    );
    expect(loadedItems.map((item) => item.id)).toEqual([itemId]);
    expect(outcomes).toMatchObject([{ kind: 'accepted' }, { refusal: { code: 'itemExists' } }]);
    expect(later.item(itemId).closed).toBeNull();
    expect(later.state.heldCounts.get(board.teams.legal)).toBe(1);
    await board.expectRowsEqualReplay();
  });

  it('brings a node up to date that never knew the old item another node has reopened', async () => {
    const itemId = await closed();
    const listening = await board.node(NOW_MS + 15 * DAY_MS);
    const deciding = await board.node(NOW_MS + 15 * DAY_MS);
    await node.tell('ada', node.reopening(itemId));
    await node.tell('bob', node.commenting(itemId));

    listening.apply(await listening.log.catchUp(listening.state));
    await deciding.commit(['bob', deciding.claiming(itemId)]);
    for (const each of [listening, deciding]) expect(each.item(itemId).commentCount).toBe(1);
    expect(listening.item(itemId)).toEqual(node.item(itemId));
    expect(comparable(listening.state)).toEqual(comparable(node.state));
    listening.apply(await listening.log.catchUp(listening.state));
    expect(listening.item(itemId)).toEqual(deciding.item(itemId));
    await board.expectRowsEqualReplay();
  });

  it('never lets the time of the log go back, whatever the clock of a node says', async () => {
    const itemId = await created();
    const slow = await board.node();
    slow.nowMs = NOW_MS - DAY_MS;
    expect(await slow.submit('alice', slow.claiming(itemId))).toMatchObject({ kind: 'accepted', at: NOW_MS });
    slow.nowMs = NOW_MS + 5.7;
    expect(await slow.submit('bob', slow.commenting(itemId))).toMatchObject({ at: NOW_MS + 5 });
    await board.expectRowsEqualReplay();
  });

  it('keeps boards apart: an item of another board is neither found nor overwritten', async () => {
    const itemId = await created();
    const elsewhere = await (await board.another()).node();

    expect(await elsewhere.submit('alice', elsewhere.commenting(itemId))).toMatchObject({
      refusal: { code: 'noSuchItem' },
    });
    expect(await elsewhere.submit('alice', elsewhere.creating({ itemId }))).toMatchObject({
      refusal: { code: 'itemExists' },
    });
    expect(await board.rows()).toEqual([node.item(itemId)]);
    await elsewhere.board.expectRowsEqualReplay();
  });

  it('refuses what the database could not store, without failing the commands beside it', async () => {
    const itemId = await created();
    const { outcomes } = await node.commit(
      ['alice', node.commenting(itemId, 'a NUL \u0000 inside')],
      ['alice', node.commenting(itemId, 'half a pair \ud83c')],
      ['alice', { ...node.commenting(itemId), id: 'not-a-uuid' as CommandId }],
      ['alice', { ...node.commenting(itemId), itemId: itemId.toUpperCase() as ItemId }],
      ['alice', node.commenting(itemId, 'in words: \\u0000')],
    );

    expect(
      outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind)),
    ).toEqual(['malformed', 'malformed', 'malformed', 'malformed', 'accepted']);
    await board.expectRowsEqualReplay();
  });

  it('stores nothing of a batch that fails half-way, and leaves the state as it was', async () => {
    const command = node.creating();
    const seq = node.state.seq;
    const stranger = newId<UserId>();
    const submissions = [
      { command, actorId: board.people.alice },
      { command: node.commenting(newId()), actorId: stranger },
    ];
    await expect(node.log.commit(node.state, submissions, NOW_MS)).rejects.toThrow();

    expect(node.state.seq).toBe(seq);
    expect(await board.commandRow(command.id)).toBeUndefined();
    expect(await node.submit('alice', command)).toMatchObject({
      kind: 'accepted',
      seq: seq + 1,
      isRepeat: false,
    });
  });

  it('keeps who belongs to the board, and takes a role away again', async () => {
    await node.tell('ada', board.joining('bob', { legal: 'lead', sales: 'viewer' }));
    expect((await board.node()).state.members.get(board.people.bob)?.roles).toEqual({
      [board.teams.legal]: 'lead',
      [board.teams.sales]: 'viewer',
    });
    await node.commit(['ada', board.joining('bob', { sales: 'member' })], ['ada', board.joining('bob', {})]);

    const loaded = await board.load(NOW_MS);
    expect(loaded?.state.members.get(board.people.bob)).toEqual({
      userId: board.people.bob,
      isAdmin: false,
      roles: {},
    });
    expect(loaded?.people.map(({ name }) => name)).toEqual(['ada', 'alice', 'bob', 'carol', 'dave', 'vera']);
    await board.expectRowsEqualReplay();
  });

  it('gives the log of one item, in pages, with what was asked', async () => {
    const itemId = await created();
    await created();
    await node.tell('alice', node.claiming(itemId));
    await node.tell('bob', node.commenting(itemId));

    const all = await node.log.readItemLog(itemId, 0, 10);
    expect(all.map(({ commandType }) => commandType)).toEqual(['createItem', 'claimItem', 'addComment']);
    expect(await node.log.readItemLog(itemId, 0, 2)).toEqual(all.slice(0, 2));
    expect(await node.log.readItemLog(itemId, all[1]?.seq ?? 0, 10)).toEqual(all.slice(2));
    expect(await node.log.headSeqs([board.id])).toEqual(new Map([[board.id, node.state.seq]]));
  });

  it('tells of a link in the log of both items, and a node that held neither has it at both ends', async () => {
    const [one, other] = [await closed(), await created()];
    const behind = await board.node();
    for (const id of [one, other]) (behind.state.items as Map<ItemId, Item>).delete(id);
    await node.tell('alice', node.linking(one, other));

    const last = async (id: ItemId) => (await node.log.readItemLog(id, 0, 10)).at(-1);
    expect((await last(other))?.commandType).toBe('linkItems');
    expect(await last(one)).toEqual(await last(other));
    behind.apply(await behind.log.catchUp(behind.state));
    expect(behind.item(other)).toEqual(node.item(other));
    expect(behind.item(one)).toEqual(node.item(one));
    await board.expectRowsEqualReplay();
  });

  it('takes a full batch and no more', async () => {
    const itemId = await created();
    const comments = Array.from(
      { length: COMMIT_BATCH_MAX },
      () => ['bob', node.commenting(itemId)] as const,
    );
    const { entries } = await node.commit(...comments);
    expect(entries).toHaveLength(COMMIT_BATCH_MAX);
    await expect(node.commit(...comments, ['bob', node.commenting(itemId)])).rejects.toThrow(/More than/);
    await board.expectRowsEqualReplay();
  });
}
