import { expect, test, vi } from 'vitest';
import { itemsFromDocument, peopleFromDocument } from '../../src/lib/board/document.ts';
import type { BoardSession } from '../../src/lib/sync/board-session.ts';
import { namesFrom } from '../../src/lib/ui/words/names.ts';
import { refusalSentence } from '../../src/lib/ui/words/refusals.ts';
import type { AnyCommand, Command } from '../../src/lib/workflow/commands.ts';
import type { CommandId, ItemId } from '../../src/lib/workflow/ids.ts';
import { orderBetween } from '../../src/lib/workflow/order.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { COMMIT_BATCH_MAX } from '../../server/persistence/command-log.ts';
import { newId, type BoardNode, type PersonName } from '../contract/contract-board.ts';
import { Stage, type Scene } from '../integration/sync/stage.ts';
import { StageBrowser } from './stage-browser.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const AWAY_MS = 30 * DAY_MS;
const ENTRIES_MEANWHILE = 3_000;
const soon = { timeout: 20_000, interval: 20 };

/** Some seconds of a quiet machine; a busy one may take longer. */
const PATIENT = { timeout: 90_000 };
const stage = new Stage();

test(
  'who comes back after 30 days, 3,000 entries and a new epoch catches up, and all 50 commands have their verdict',
  PATIENT,
  async () => {
    const scene = await stage.board();
    const node = await scene.node();
    node.nowMs = Date.now();
    const items = Array.from({ length: 20 }, () => node.creating());
    await commitAll(
      node,
      items.map((command) => ['alice', command]),
    );
    const itemIds = items.map(({ itemId }) => itemId);

    const browser = new StageBrowser(scene, 'alice');
    const before = await browser.openHere();
    await vi.waitFor(() => expect(before.status.kind).toBe('live'), soon);
    expect(before.state.items.has(itemIds[19] as ItemId)).toBe(true);
    const [seqBefore, epochBefore] = [before.state.seq, before.hello?.epoch];
    browser.isOnline = false;
    before.destroy();

    const offline = await browser.openHere();
    const issued = commandsOffline(offline, itemIds);
    expect(issued).toHaveLength(50);
    for (const command of issued) await offline.dispatch(command);
    offline.destroy();

    await goOn(node, itemIds, seqBefore);
    await restartLater(scene);
    browser.laterMs = AWAY_MS;

    const back = await browser.openHere();
    stage.onEnd(() => back.destroy());
    // What was kept is there before the network is.
    expect(back.state.seq).toBe(seqBefore);
    expect(back.outbox.map(({ command }) => command.id)).toEqual(issued.map(({ id }) => id));
    browser.isOnline = true;
    browser.tell('wake');
    const refusedIds = issued.slice(0, 15).map(({ id }) => id);
    await vi.waitFor(() => {
      expect(back.status.kind).toBe('live');
      expect(back.state.seq).toBe(seqBefore + ENTRIES_MEANWHILE + 35);
      expect(back.outbox.map(({ command }) => command.id)).toEqual(refusedIds);
    }, soon);
    expect(back.hello?.epoch).not.toBe(epochBefore);
    expect([...back.document.store.clients.keys()]).toEqual([back.hello?.epoch]);
    expect(back.document.store.pendingStructs).toBeNull();

    expectReadable(back);
    await expectDecidedOnceInOrder(scene, issued, refusedIds);
    const rows = await scene.board.load(Date.now() + AWAY_MS);
    const shown = new Map([...itemsFromDocument(back.document)].map((item) => [item.id, item]));
    expect(shown).toEqual(new Map(rows?.state.items as Map<Item['id'], Item>));
    // What was closed in the meantime has left the board, and is refused as what it is all the same.
    expect(itemIds.slice(0, 5).some((itemId) => shown.has(itemId))).toBe(false);
    await scene.board.expectRowsEqualReplay();
  },
);

/**
 * Fifteen that will be refused (five items are closed meanwhile, five are handed over, five commands build on those),
 * then thirty-five that nothing stands against.
 */
function commandsOffline(session: BoardSession, itemIds: readonly ItemId[]): Command[] {
  const workflow = [...session.state.workflows.values()][0] ?? expect.unreachable('There is no workflow.');
  const on = (itemId: ItemId, fields: object): Command => {
    const seq = session.state.items.get(itemId)?.responsibility.seq ?? 0;
    return { id: newId<CommandId>(), itemId, basis: { seq }, ...fields } as Command;
  };
  const claims = itemIds.slice(0, 10).map((itemId) => on(itemId, { type: 'claimItem' }));
  const waits = claims.slice(5).map(({ id, itemId }) => {
    const waiting = { type: 'startWaiting', on: 'customer', what: 'Signature', until: null };
    return on(itemId, { ...waiting, basis: { after: id } });
  });
  const comments = Array.from({ length: 25 }, (_, index) =>
    on(itemIds[10 + (index % 10)] as ItemId, {
      ...{ type: 'addComment', commentId: newId() },
      text: `Note ${index}`,
    }),
  );
  const { id: workflowId, version: workflowVersion } = workflow;
  const facts = { title: 'Made away from the network' };
  const made = Array.from({ length: 5 }, () =>
    on(newId<ItemId>(), {
      ...{ type: 'createItem', workflowId, workflowVersion, facts },
      order: orderBetween(null, null),
    }),
  );
  const own = made.map(({ id, itemId }) => on(itemId, { type: 'claimItem', basis: { after: id } }));
  return [...claims, ...waits, ...comments, ...made, ...own];
}

/** Exactly so many entries, spread over the days. */
async function goOn(node: BoardNode, itemIds: readonly ItemId[], seqBefore: number): Promise<void> {
  node.nowMs += DAY_MS;
  for (const itemId of itemIds.slice(0, 5)) {
    const seq = node.item(itemId).responsibility.seq;
    const fields = { type: 'cancelItem', reason: 'Not wanted', basis: { seq } };
    await node.tell('ada', { id: newId(), itemId, ...fields } as AnyCommand);
  }
  for (const itemId of itemIds.slice(5, 10)) await node.tell('alice', node.offering(itemId));
  const count = ENTRIES_MEANWHILE - (node.state.seq - seqBefore);
  const comments = Array.from({ length: count }, (_, index) =>
    node.commenting(itemIds[10 + (index % 10)] as ItemId),
  );
  await commitAll(
    node,
    comments.map((command) => ['alice', command]),
    (28 * DAY_MS) / (count / COMMIT_BATCH_MAX),
  );
  expect(node.state.seq).toBe(seqBefore + ENTRIES_MEANWHILE);
}

async function commitAll(
  node: BoardNode,
  given: readonly (readonly [PersonName, Command])[],
  stepMs = 0,
): Promise<void> {
  for (let at = 0; at < given.length; at += COMMIT_BATCH_MAX) {
    const { outcomes } = await node.commit(...given.slice(at, at + COMMIT_BATCH_MAX));
    for (const { kind } of outcomes) expect(kind).toBe('accepted');
    node.nowMs += stepMs;
  }
}

/** The same address, a month on, and so a new epoch. */
async function restartLater(scene: Scene): Promise<void> {
  const port = Number(new URL(scene.server.url).port);
  await scene.server.stop();
  scene.server = await stage.server({ port, now: () => Date.now() + AWAY_MS });
}

function expectReadable(session: BoardSession): void {
  const told = session.outbox.map(({ state: { kind, ...of } }) => ('refusal' in of ? of.refusal : kind));
  const five = (refusal: object) =>
    Array.from({ length: 5 }, () => expect.objectContaining(refusal) as object);
  expect(told).toEqual([
    ...five({ code: 'itemMovedOn', event: 'itemCancelled' }),
    ...five({ code: 'itemMovedOn', event: 'handoffOffered' }),
    ...five({ code: 'dependsOnRefused' }),
  ]);
  const { state, document } = session;
  const [workflow = null] = [...state.workflows.values()];
  const names = namesFrom({ me: null, people: peopleFromDocument(document), teams: state.teams, workflow });
  for (const { state: entry } of session.outbox) {
    if (entry.kind !== 'refused') continue;
    const sentence = refusalSentence(entry.refusal, names, session.serverNow());
    expect(sentence).toMatch(/^[A-Z].*[.!?]$/);
    expect(sentence).not.toMatch(/undefined|null|\[object|Somebody who has left|[0-9a-f]{8}-/);
  }
}

async function expectDecidedOnceInOrder(
  scene: Scene,
  issued: readonly Command[],
  refusedIds: readonly CommandId[],
): Promise<void> {
  const ids = issued.map(({ id }) => id);
  const rows = await scene.board.db
    .selectFrom('command')
    .select(['id', 'seq'])
    .where('id', 'in', ids)
    .execute();
  expect(rows).toHaveLength(ids.length);
  const seqs = new Map(rows.map(({ id, seq }) => [id, seq]));
  expect(ids.filter((id) => seqs.get(id) === null)).toEqual(refusedIds);
  const accepted = ids.flatMap((id) => seqs.get(id) ?? []);
  expect(accepted).toEqual(accepted.map((_, index) => (accepted[0] ?? 0) + index));
}
