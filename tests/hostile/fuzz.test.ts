import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Seeded } from '../convergence/seeded.ts';
import type { FakePeer } from '../integration/sync/fake-peer.ts';
import type { Where } from './corpus.ts';
import { FuzzTarget } from './fuzz-targets.ts';
import { mutant, MUTATION_NAMES } from './mutations.ts';

// 100,000 frames straight into the rooms of the server: sockets would take minutes. `corpus.test.ts` uses real ones.
const FRAMES = Number(process.env['BATON_FUZZ_FRAMES'] ?? 100_000);
const SEED = Number(process.env['BATON_FUZZ_SEED'] ?? 20_261_123);
/** A new room now and then: what was let in makes documents grow, and every look at them slower. */
const FRAMES_PER_ROOM = 2_500;
const CHANGE_EVERY = 250;
const FAILING = join(import.meta.dirname, 'failing');

interface Told {
  frames: number;
  written: number;
  readonly closes: Map<number, number>;
  readonly how: Set<string>;
}

async function fuzz(on: Where, seed: number, told: Told): Promise<void> {
  const random = new Seeded(seed);
  const target = await FuzzTarget.open(on);
  const bases = target.bases();
  // vera may only look on: nothing that she sends may ever change anything.
  const names =
    on === 'board' ? (['alice', 'vera'] as const) : (['alice', 'alice', 'alice', 'vera'] as const);
  const peers = new Map<string, FakePeer>();
  for (let index = 0; index < FRAMES_PER_ROOM; index += 1) {
    const name = random.pick(names);
    const known = peers.get(name);
    const peer = known?.isOpen ? known : await target.attacker(name);
    peers.set(name, peer);
    const { how, bytes } = mutant(bases, random);
    try {
      const { hasWritten } = await target.take(peer, bytes);
      if (name === 'vera') expect(hasWritten, 'a viewer has written').toBe(false);
      if (index % CHANGE_EVERY === 0) await target.expectUndisturbed();
      told.written += hasWritten ? 1 : 0;
    } catch (error) {
      throw new Error(`Seed ${seed}, frame ${index} (${how}), kept as ${keep(on, seed, index, bytes)}.`, {
        cause: error,
      });
    }
    told.frames += 1;
    if (peer.closed !== null) told.closes.set(peer.closed, (told.closes.get(peer.closed) ?? 0) + 1);
    for (const one of how.split(' ')) told.how.add(one);
  }
  await target.close();
}

/** To be moved into `frames`, with a name and a line of meaning, once it is understood. */
function keep(on: Where, seed: number, index: number, bytes: Uint8Array): string {
  mkdirSync(FAILING, { recursive: true });
  const path = join(FAILING, `${on}-${seed}-${index}.frame`);
  writeFileSync(path, `Found by the fuzzer.\ncloses: 4403\n\n${Buffer.from(bytes).toString('hex')}\n`);
  return path;
}

test.each(['board', 'item'] as const)(
  'S51, S61: of fifty thousand changed frames over a connection of a %s none harms the document or anybody else',
  { timeout: 600_000 },
  async (on) => {
    const told: Told = { frames: 0, written: 0, closes: new Map(), how: new Set() };
    for (let room = 0; told.frames < FRAMES / 2; room += 1) await fuzz(on, SEED + room, told);
    console.log(`${on}: seed ${SEED}, ${told.frames} frames, ${told.written} let in, closed:`, told.closes);
    expect(told.frames).toBeGreaterThanOrEqual(FRAMES / 2);
    // The fuzzer did something: all its ways were used, most frames are turned away, and some are none the worse.
    expect([...told.how].sort()).toEqual([...MUTATION_NAMES].sort());
    expect(told.closes.get(4403)).toBeGreaterThan(told.frames / 3);
    expect(told.written).toBeGreaterThan(0);
  },
);
