import { performance } from 'node:perf_hooks';
import { Fleet } from './fleet.ts';
import { Load } from './load.ts';
import { sleep } from './stats.ts';
import type { Board, Subject } from './subject.ts';

export interface SaturationOptions {
  readonly clients: number;
  /** Changes that each writer keeps on their way. */
  readonly inFlight: number;
  readonly warmMs: number;
  readonly measureMs: number;
}

/** What one round showed, per change that one client got and per second. */
export interface Saturation {
  readonly delivered: number;
  readonly changes: number;
  readonly seconds: number;
  readonly frames: number;
  readonly frameBytes: number;
  /** Processor time in microseconds per delivered change: all threads of the server, and what its store took. */
  readonly serverUs: number;
  readonly mainThreadUs: number;
  readonly storeUs: number | null;
  readonly generatorCpu: number;
  readonly serverCpu: number;
}

/** Has every writer keep so many changes on their way, and counts what arrives meanwhile. */
export async function saturate(
  subject: Subject,
  board: Board,
  options: SaturationOptions,
): Promise<Saturation> {
  const fleet = await Fleet.join(board, options.clients);
  try {
    const load = new Load(fleet);
    load.start(options.inFlight);
    await sleep(options.warmMs);
    const before = await snapshot(subject, fleet);
    await sleep(options.measureMs);
    const after = await snapshot(subject, fleet);
    await load.stop();
    await fleet.verify();
    return compare(before, after);
  } finally {
    fleet.leave();
  }
}

async function snapshot(subject: Subject, fleet: Fleet) {
  const usage = await subject.usage();
  const { user, system } = process.cpuUsage();
  return {
    usage,
    atMs: performance.now(),
    delivered: fleet.delivered(),
    changes: fleet.changesRead,
    frames: fleet.framesRead,
    bytes: fleet.bytesRead,
    generatorMs: (user + system) / 1_000,
  };
}

type Snapshot = Awaited<ReturnType<typeof snapshot>>;

function compare(before: Snapshot, after: Snapshot): Saturation {
  const wallMs = after.atMs - before.atMs;
  const delivered = after.delivered - before.delivered;
  const us = (ms: number) => (ms * 1_000) / delivered;
  const { storeMs: storeBefore } = before.usage;
  const { storeMs: storeAfter } = after.usage;
  const frames = after.frames - before.frames;
  return {
    delivered,
    changes: after.changes - before.changes,
    seconds: wallMs / 1_000,
    frames,
    frameBytes: (after.bytes - before.bytes) / frames,
    serverUs: us(after.usage.cpuMs - before.usage.cpuMs),
    mainThreadUs: us(after.usage.mainThreadMs - before.usage.mainThreadMs),
    storeUs: storeBefore === null || storeAfter === null ? null : us(storeAfter - storeBefore),
    generatorCpu: (after.generatorMs - before.generatorMs) / wallMs,
    serverCpu: (after.usage.cpuMs - before.usage.cpuMs) / wallMs,
  };
}
