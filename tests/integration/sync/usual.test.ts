import { expect, test } from 'vitest';
import { boardMeta, boardRoots, figuresFromDocument } from '#lib/board/document.ts';
import { wallRoots } from '#lib/board/wall-document.ts';
import type { ClockKey, Usual } from '#lib/workflow/usual.ts';
import { writeHours } from '../../../server/persistence/ground-store.ts';
import { publishHint } from '../../../server/persistence/hints.ts';
import { NOW_MS } from '../../contract/contract-board.ts';
import { RawClient } from './clients.ts';
import { Stage, type Scene } from './stage.ts';

const stage = new Stage();
const HOUR_MS = 3_600_000;
const KEY = 'gap:draft-to-review' as ClockKey;
const usually = (hours: number): Usual => {
  return { samples: 20, p50Ms: HOUR_MS, p70Ms: HOUR_MS, p85Ms: hours * HOUR_MS, p95Ms: 99 * HOUR_MS };
};

/** As the recorder of any node stores it. */
async function store({ board }: Scene, usual: Usual): Promise<void> {
  const { samples, p50Ms, p70Ms, p85Ms, p95Ms } = usual;
  const values = { samples, p50_ms: p50Ms, p70_ms: p70Ms, p85_ms: p85Ms, p95_ms: p95Ms };
  await board.db
    .insertInto('usual')
    .values({ board_id: board.id, key: KEY, ...values })
    .onConflict((conflict) => conflict.columns(['board_id', 'key']).doUpdateSet(values))
    .execute();
}

const usualOf = (client: RawClient) => figuresFromDocument(client.doc).usual.get(KEY);

test('S130: what is usual reaches the open board of every node, and the wall, and leaves seq where it is', async () => {
  const scene = await stage.board();
  const other = await stage.server();
  const node = await scene.node();
  const created = node.creating();
  await node.tell('alice', created);
  await node.tell('alice', node.offering(created.itemId));
  await store(scene, usually(6));

  const alice = await scene.join('alice');
  const bob = await RawClient.join(`${other.url}/board/${scene.board.id}`, scene.cookie('bob'));
  stage.onEnd(() => bob.leave());
  const wall = await scene.join('carol', `${scene.server.url}/wall/${scene.board.id}`);
  const stalledAfter = () => {
    const item = wallRoots(wall.doc).items.get(created.itemId);
    return item && item.stalledFrom - item.since;
  };
  expect([usualOf(alice), usualOf(bob)]).toEqual([usually(6), usually(6)]);
  expect(stalledAfter()).toBe(6 * HOUR_MS);

  const { seq } = boardMeta(alice.doc);
  await store(scene, usually(8));
  await publishHint(scene.board.db, { kind: 'ground', boardId: scene.board.id });
  for (const client of [alice, bob]) await client.until(() => usualOf(client)?.p85Ms === 8 * HOUR_MS);
  await wall.until(() => stalledAfter() === 8 * HOUR_MS);
  expect(boardMeta(alice.doc).seq).toBe(seq);
});

test('S130: without a hint the look of the next minute finds it, and what is not usual any more goes', async () => {
  const scene = await stage.board({ now: () => NOW_MS, isTimed: false });
  const alice = await scene.join('alice');
  await store(scene, usually(6));
  await scene.server.rooms.tidy();
  await alice.until(() => usualOf(alice) !== undefined);
  await scene.board.db.deleteFrom('usual').where('board_id', '=', scene.board.id).execute();
  await scene.server.rooms.tidy();
  await alice.until(() => usualOf(alice) === undefined);
  expect(boardRoots(alice.doc).usual.size).toBe(0);
});

test('S130: hours that are set on one node reach the boards that are open on the other, expanded', async () => {
  const scene = await stage.board();
  const other = await stage.server();
  const node = await scene.node();
  const created = node.creating();
  await node.tell('alice', created);
  await node.tell('alice', node.offering(created.itemId));
  const bob = await RawClient.join(`${other.url}/board/${scene.board.id}`, scene.cookie('bob'));
  stage.onEnd(() => bob.leave());
  const { legal } = scene.board.teams;
  const noon = [{ fromMinute: 720, untilMinute: 780 }];
  const hours = { timeZone: 'Europe/Vienna', week: Array.from({ length: 7 }, () => noon), holidays: [] };
  await writeHours(scene.board.db, { boardId: scene.board.id, teamId: legal, hours });
  const hoursOfLegal = () => figuresFromDocument(bob.doc).hours.get(legal);
  await bob.until(() => hoursOfLegal() !== undefined);
  const { open } = hoursOfLegal() ?? { open: [] };
  expect(open.length).toBeGreaterThan(200);
  expect(open[1]).toBe((open[0] ?? 0) + 60);
  await writeHours(scene.board.db, { boardId: scene.board.id, teamId: legal, hours: null });
  await bob.until(() => hoursOfLegal() === undefined);
});
