import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command } from '#lib/workflow/commands.ts';
import type { BoardId, CommandId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { CommandTooLargeError, OUTBOX_ENTRIES_MAX, OutboxFullError } from './outbox-entry.ts';
import { OutboxStore } from './outbox-store.ts';
import { Outbox } from './outbox.ts';
import { openUserDatabase } from './user-database.ts';

const ALICE = 'alice' as UserId;
const BOARD = 'board' as BoardId;
const NOW = 1_795_435_200_000;

let factory: IDBFactory;
beforeEach(() => {
  factory = new IDBFactory();
});

function claim(id: string): Command {
  return { type: 'claimItem', id: id as CommandId, itemId: `item-${id}` as ItemId, basis: { seq: 1 } };
}

/** One tab of alice's browser. */
async function openTab(boardId = BOARD) {
  const database = await openUserDatabase(factory, ALICE, () => undefined);
  const onStoreLost = vi.fn();
  const onStored = vi.fn();
  const store = new OutboxStore(database);
  const outbox = new Outbox({
    boardId,
    store,
    now: () => NOW,
    onChange: () => undefined,
    onStored,
    onStoreLost,
  });
  await outbox.reload();
  return { outbox, database, store, onStoreLost, onStored };
}

function ids(outbox: Outbox): string[] {
  return outbox.entries.map(({ command }) => command.id);
}

describe('an outbox', () => {
  it('shows a command at once, and calls it kept only when it is on disk', async () => {
    const { outbox } = await openTab();
    const kept = outbox.dispatch(claim('a'), NOW);
    expect(outbox.entries).toMatchObject([
      { command: { id: 'a' }, isKept: false, state: { kind: 'queued' } },
    ]);
    expect(outbox.unsent).toEqual([]);
    await kept;
    expect(outbox.entries).toMatchObject([{ command: { id: 'a' }, isKept: true }]);
    expect(outbox.unsent).toHaveLength(1);
  });

  it('gives a sender nothing while another tab has stored an earlier one that is not read yet', async () => {
    const [one, two] = [await openTab(), await openTab()];
    await one.outbox.dispatch(claim('a'), NOW);
    const whileReading: (readonly string[])[] = [];
    const read = two.store.read.bind(two.store);
    vi.spyOn(two.store, 'read').mockImplementation(async (boardId) => {
      whileReading.push(two.outbox.unsent.map(({ command }) => command.id));
      return await read(boardId);
    });
    await two.outbox.dispatch(claim('b'), NOW);
    expect(whileReading).toEqual([[]]);
    expect(two.outbox.unsent.map(({ command }) => command.id)).toEqual(['a', 'b']);
  });

  it('keeps the order in which commands were issued, over several tabs and a reload', async () => {
    const [one, two] = [await openTab(), await openTab()];
    await one.outbox.dispatch(claim('a'), NOW);
    await two.outbox.dispatch(claim('b'), NOW);
    await Promise.all([one.outbox.dispatch(claim('c'), NOW), one.outbox.dispatch(claim('d'), NOW)]);
    await two.outbox.reload();
    expect(ids(two.outbox)).toEqual(['a', 'b', 'c', 'd']);
    await one.outbox.reload();
    expect(ids(one.outbox)).toEqual(['a', 'b', 'c', 'd']);
    expect(ids((await openTab()).outbox)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps the commands of each board apart', async () => {
    const { outbox } = await openTab();
    await outbox.dispatch(claim('a'), NOW);
    expect(ids((await openTab('another' as BoardId)).outbox)).toEqual([]);
  });

  it('stores a command once, however often it is dispatched', async () => {
    const { outbox } = await openTab();
    await Promise.all([outbox.dispatch(claim('a'), NOW), outbox.dispatch(claim('a'), NOW)]);
    expect(ids(outbox)).toEqual(['a']);
    expect(ids((await openTab()).outbox)).toEqual(['a']);
  });

  it('shows an accepted command until the document has reached its seq, and not a moment longer', async () => {
    const { outbox } = await openTab();
    await outbox.dispatch(claim('a'), NOW);
    await outbox.recordVerdict({ id: 'a' as CommandId, verdict: 'accepted', seq: 7, at: NOW });
    outbox.setDocumentSeq(6);
    expect(outbox.entries).toMatchObject([{ state: { kind: 'accepted', seq: 7 } }]);
    outbox.setDocumentSeq(7);
    expect(outbox.entries).toEqual([]);
    // It is still on disk, because the stored board may be older; it is not shown for that.
    await outbox.reload();
    expect(outbox.entries).toEqual([]);
  });

  it('keeps a refused command, over a reload too, until it is dismissed', async () => {
    const { outbox } = await openTab();
    await outbox.dispatch(claim('a'), NOW);
    await outbox.dispatch(claim('b'), NOW);
    await outbox.recordVerdict({ id: 'a' as CommandId, verdict: 'refused', refusal: { code: 'itemClosed' } });
    outbox.setDocumentSeq(1_000);
    const reloaded = (await openTab()).outbox;
    expect(reloaded.entries[0]).toMatchObject({
      state: { kind: 'refused', refusal: { code: 'itemClosed' } },
    });
    await reloaded.dismiss('b' as CommandId);
    await reloaded.dismiss('a' as CommandId);
    expect(ids(reloaded)).toEqual(['b']);
    await outbox.reload();
    expect(ids(outbox)).toEqual(['b']);
  });

  it('lets the first verdict stand', async () => {
    const { outbox } = await openTab();
    await outbox.dispatch(claim('a'), NOW);
    await outbox.recordVerdict({ id: 'a' as CommandId, verdict: 'refused', refusal: { code: 'itemClosed' } });
    await outbox.recordVerdict({ id: 'a' as CommandId, verdict: 'accepted', seq: 3, at: NOW });
    expect(outbox.entries).toMatchObject([{ state: { kind: 'refused' } }]);
  });

  it('keeps an accepted command in view that another tab, further ahead, has taken from the disk', async () => {
    const [ahead, behind] = [await openTab(), await openTab()];
    await behind.outbox.dispatch(claim('a'), NOW);
    await behind.outbox.recordVerdict({ id: 'a' as CommandId, verdict: 'accepted', seq: 7, at: NOW });
    await ahead.outbox.reload();
    await ahead.store.remove(ahead.outbox.entries[0]?.order ?? 0);
    await behind.outbox.reload();
    expect(ids(behind.outbox)).toEqual(['a']);
    behind.outbox.setDocumentSeq(7);
    expect(ids(behind.outbox)).toEqual([]);
  });

  it('goes on in memory, in order, and says so when the disk fails under it', async () => {
    const { outbox, database, onStoreLost } = await openTab();
    await outbox.dispatch(claim('a'), NOW);
    database.close();
    await outbox.dispatch(claim('b'), NOW);
    await outbox.dispatch(claim('c'), NOW);
    expect(onStoreLost).toHaveBeenCalledTimes(1);
    expect(outbox.isShared).toBe(false);
    expect(outbox.unsent.map(({ command }) => command.id)).toEqual(['a', 'b', 'c']);
    await outbox.recordVerdict({ id: 'b' as CommandId, verdict: 'accepted', seq: 2, at: NOW });
    outbox.setDocumentSeq(2);
    expect(ids(outbox)).toEqual(['a', 'c']);
  });

  it('refuses what it has no room for, and forgets it', async () => {
    const { outbox, database } = await openTab();
    const transaction = database.transaction('outbox', 'readwrite');
    for (let made = 0; made < OUTBOX_ENTRIES_MAX; made += 1) {
      const command = claim(`old-${String(made)}`);
      const entry = { id: command.id, boardId: 'another' as BoardId, command, issuedAt: NOW };
      void transaction.store.add({ ...entry, state: { kind: 'queued' } } as never);
    }
    await transaction.done;
    await expect(outbox.dispatch(claim('a'), NOW)).rejects.toBeInstanceOf(OutboxFullError);
    expect(outbox.entries).toEqual([]);
    expect(outbox.isShared).toBe(true);
  });

  it('refuses a command that is longer than the server reads', async () => {
    const { outbox } = await openTab();
    const long: Command = { ...claim('a'), type: 'cancelItem', reason: 'x'.repeat(70_000) };
    await expect(outbox.dispatch(long, NOW)).rejects.toBeInstanceOf(CommandTooLargeError);
    expect(outbox.entries).toEqual([]);
  });

  it('stores a copy, so that what the screen changes later is not sent', async () => {
    const { outbox } = await openTab();
    const command = { ...claim('a'), type: 'cancelItem' as const, reason: 'Lost' };
    const kept = outbox.dispatch(command, NOW);
    command.reason = 'Something else';
    await kept;
    expect((await openTab()).outbox.entries).toMatchObject([{ command: { reason: 'Lost' } }]);
  });
});
