import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../server/persistence/database.ts';
import { migrateToLatest } from '../../server/persistence/migrate.ts';
import type { CommandId } from '../../src/lib/workflow/ids.ts';
import { auditBoards } from '../support/audit.ts';
import type { BoardNode } from './contract-board.ts';
import { Disk, type Random } from './power-cut-disk.ts';
import { endingThreads, readTrace, whileRecording, type RecordedChange } from './power-cut-trace.ts';
import { StoredBoard } from './stored-board.ts';

const IMAGES = Number(process.env['BATON_POWER_CUT_IMAGES'] ?? 40);
const SEED = Number(process.env['BATON_POWER_CUT_SEED'] ?? 20_261_123);
const LAZY_IMAGES = 8;
/** A database that is not open by then does not open. */
const OPEN_MS_MAX = 20_000;
const ROUNDS = 14;

/** That a command was acknowledged, and how many changes the disk had been asked for by then. */
interface Acknowledged {
  readonly id: CommandId;
  readonly position: number;
}
interface Recorded {
  readonly base: string;
  readonly root: string;
  readonly changes: readonly RecordedChange[];
  readonly acknowledged: readonly Acknowledged[];
}

/** Mulberry32: the same images for the same seed. */
function randomNumbers(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-power-'));
  const database = await openDatabase({ kind: 'embedded', directory: join(folder, 'base') });
  await migrateToLatest(database.db);
  await database.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** People at work on a board, with a checkpoint now and then, and an end. */
async function record(name: string, isAsShipped: boolean): Promise<Recorded> {
  const root = join(folder, name);
  const base = join(folder, 'base');
  cpSync(base, root, { recursive: true });
  const acknowledged: Acknowledged[] = [];
  const trace = join(folder, `${name}.trace`);
  await whileRecording({ root, trace, isAsShipped }, async (position) => {
    const database = await openDatabase({ kind: 'embedded', directory: root });
    const board = await StoredBoard.create(database.db);
    const node = await board.node();
    for (let round = 0; round < ROUNDS; round += 1) {
      await work(node, ({ id }) => acknowledged.push({ id, position: position() }));
      if (round % 5 === 3) await sql`checkpoint`.execute(database.db);
    }
    await database.close();
  });
  return { base, root, changes: readTrace(trace), acknowledged };
}

async function work(node: BoardNode, onAcknowledged: (command: { id: CommandId }) => void): Promise<void> {
  const creating = node.creating();
  onAcknowledged(await node.tell('alice', creating));
  onAcknowledged(await node.tell('alice', node.commenting(creating.itemId, 'Called them. '.repeat(300))));
  onAcknowledged(await node.tell('alice', node.offering(creating.itemId)));
  onAcknowledged(await node.tell('bob', node.accepting(creating.itemId)));
}

/** Moments, each as how many changes the disk had been asked for: at least `first`, at most all. */
function moments({ changes }: Recorded, count: number, first: number, random: Random): number[] {
  const drawn = Array.from({ length: count }, () => first + random(changes.length + 1 - first));
  return drawn.sort((a, b) => a - b);
}

/**
 * What is wrong with the database after the power failed at each of these moments; nothing: all is well. `fate` says
 * what the disk had written of what it was only asked to.
 */
async function faultsOfImages(
  recorded: Recorded,
  cuts: readonly number[],
  fate: Random,
): Promise<string[][]> {
  const disk = new Disk(recorded.base, recorded.root);
  const faults: string[][] = [];
  let position = 0;
  for (const cut of cuts) {
    for (; position < cut; position += 1) disk.take(recorded.changes[position] as RecordedChange);
    const image = join(folder, `image-${cut}-${faults.length}`);
    disk.writeImage(image, fate);
    const told = recorded.acknowledged.filter((each) => each.position <= cut);
    faults.push(await faultsOf(image, told));
    rmSync(image, { recursive: true, force: true });
  }
  return faults;
}

/** Something was acknowledged, and the disk has written nothing yet that it was not made to. */
async function faultsOnLazyDisk(recorded: Recorded): Promise<string[][]> {
  const first = recorded.acknowledged[0]?.position ?? expect.unreachable('Nothing was acknowledged.');
  const cuts = moments(recorded, LAZY_IMAGES, first, randomNumbers(SEED));
  return await faultsOfImages(recorded, cuts, () => 0);
}

async function faultsOf(image: string, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const dead = Promise.withResolvers<never>();
  const timer = setTimeout(() => dead.reject(new Error('It does not open.')), OPEN_MS_MAX);
  try {
    return await endingThreads(() => Promise.race([audit(image, acknowledged, dead.reject), dead.promise]));
  } catch (error) {
    return [(error as Error).message];
  } finally {
    clearTimeout(timer);
  }
}

async function audit(
  image: string,
  acknowledged: readonly Acknowledged[],
  onFatal: (error: Error) => void,
): Promise<string[]> {
  const database = await openDatabase({ kind: 'embedded', directory: image }, onFatal);
  const faults = (await auditBoards(database)).flatMap((each) => each.faults);
  const logged = await database.db.selectFrom('transition').select('command_id').execute();
  const times = Map.groupBy(logged, (entry) => entry.command_id);
  for (const { id } of acknowledged) {
    const found = times.get(id)?.length ?? 0;
    if (found !== 1) faults.push(`The acknowledged command ${id} is in the log ${found} times.`);
  }
  // Only what does not come so far is ended from outside: Node has crashed of a thread that was ended at its work.
  await database.close();
  return faults;
}

/** Every file under a folder with what is in it, but for the lock. */
function contentOf(root: string): Map<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name !== 'lock' && statSync(join(root, name)).isFile());
  return new Map(files.sort().map((name) => [name, readFileSync(join(root, name)).toString('base64')]));
}

describe('After a power cut the embedded database', { timeout: 60_000 + IMAGES * OPEN_MS_MAX }, () => {
  it(`I1: has every acknowledged command once in a log that gives its rows (${IMAGES} cuts, seed ${SEED})`, async () => {
    const recorded = await record('synced', false);
    // The trace is complete: all that it says, done to the base, gives the folder as it is.
    const disk = new Disk(recorded.base, recorded.root);
    for (const change of recorded.changes) disk.take(change);
    const whole = join(folder, 'whole');
    disk.writeImage(whole, null);
    expect([...contentOf(whole)]).toEqual([...contentOf(recorded.root)]);

    const random = randomNumbers(SEED);
    const faults = await faultsOfImages(recorded, moments(recorded, IMAGES, 0, random), random);
    expect(faults).toEqual(Array.from({ length: IMAGES }, () => []));
    expect(await faultsOnLazyDisk(recorded)).toEqual(Array.from({ length: LAZY_IMAGES }, () => []));
  });

  it('would lose what it acknowledged if it ran as PGlite comes, without fsync', async () => {
    const recorded = await record('shipped', true);
    expect(recorded.changes.filter(({ kind }) => kind === 'synced')).toEqual([]);
    const faults = await faultsOnLazyDisk(recorded);
    expect(faults.filter((each) => each.length > 0)).toHaveLength(LAZY_IMAGES);
  });
});
