import { startPostgres, type RunningPostgres } from '../support/postgres.ts';
import { Report } from './report.ts';

/** A run that hangs must end by itself, and leave nothing behind. */
const RUN_MS_MAX = 15 * 60 * 1_000;

export interface BenchRun {
  readonly postgres: RunningPostgres;
  readonly report: Report;
  /** Called at the end, the last one first, whatever has happened. */
  readonly stops: (() => Promise<void>)[];
  /** Says what is measured now. What fails is told and costs the others nothing; the exit code shows it. */
  readonly measure: (name: string, measure: () => Promise<unknown>) => Promise<void>;
}

/** Runs a bench on a Postgres of its own, prints its table, writes it to `BENCH_JSON` or `out`, and ends the process. */
export async function runBench(out: string, run: (bench: BenchRun) => Promise<void>): Promise<never> {
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1_000;
  const report = new Report();
  const watchdog = setTimeout(() => {
    console.error('The bench took too long and was ended.');
    process.exit(1);
  }, RUN_MS_MAX);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  // Each commit reaches the disk before it is answered, as it has to where it counts.
  const postgres = await startPostgres({ fsync: true });
  const stops: (() => Promise<void>)[] = [() => postgres.stop()];
  const measure = async (name: string, begin: () => Promise<unknown>) => {
    console.error(`${name} (after ${Math.round(seconds())} s)`);
    try {
      await begin();
    } catch (error) {
      // What has been found so far is worth having.
      console.error(error);
      process.exitCode = 1;
    }
  };
  try {
    await run({ postgres, report, stops, measure });
  } finally {
    for (const stop of stops.reverse()) await stop();
    clearTimeout(watchdog);
  }
  report.print();
  report.write(process.env.BENCH_JSON ?? out, seconds());
  process.exit();
}
