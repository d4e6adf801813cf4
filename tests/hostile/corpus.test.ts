import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SYNC } from '#lib/protocol/frames.ts';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import { memoryDatabase } from '../support/memory-database.ts';
import { readCorpus } from './corpus.ts';
import { HostileScene } from './hostile-scene.ts';

let database: OpenDatabase;
let scene: HostileScene;
beforeAll(async () => {
  database = await openDatabase(memoryDatabase());
  await migrateToLatest(database.db);
  scene = await HostileScene.open(database);
  await scene.expectUndisturbed();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await scene.abandon();
  scene = await HostileScene.open(database);
  await scene.expectUndisturbed();
});
afterAll(async () => {
  await scene.stop();
  await database.close();
});

const corpus = readCorpus();

// One server, one board, one item, and the same bob and carol through all of it.
test.each(corpus.map((frame) => [`${frame.on}: ${frame.name}`, frame] as const))(
  '%s changes nothing that it may not, and disturbs nobody',
  async (_name, frame) => {
    const before = await scene.picture();
    const alice = await scene.attacker(frame.on);
    const bytes = frame.bytes(scene.names());
    alice.send(frame.isText ? new TextDecoder().decode(bytes) : bytes);
    if (frame.closes === null) {
      const asked = () => alice.seen('sync').filter(({ step }) => step === SYNC.step1).length;
      const askedBefore = asked();
      await alice.roundTrip();
      if (frame.answer === 'verdict') {
        await alice.until(() => alice.seen('verdict').length > 0);
        expect(alice.seen('verdict')).toMatchObject([{ verdict: { verdict: 'refused' } }]);
      }
      if (frame.answer === 'asked') expect(asked()).toBeGreaterThan(askedBefore);
      expect(alice.closed).toBeNull();
    } else {
      expect(await alice.untilClosed(), frame.meaning).toBe(frame.closes);
    }
    await alice.leave();
    const after = await scene.picture();
    expect(Buffer.compare(after.board, before.board)).toBe(0);
    if (!frame.mayWrite) expect(Buffer.compare(after.item, before.item)).toBe(0);
    else expect(Buffer.compare(after.item, before.item)).not.toBe(0);
    await scene.expectStored(after);
    await scene.expectUndisturbed();
  },
);

test('the corpus speaks of boards and of items, of what closes and of what does not', () => {
  expect(corpus.filter(({ on }) => on === 'board').length).toBeGreaterThan(60);
  expect(corpus.filter(({ on }) => on === 'item').length).toBeGreaterThan(90);
  expect(new Set(corpus.map(({ closes }) => closes))).toEqual(new Set([null, 1009, 4403, 4409, 4413]));
});
