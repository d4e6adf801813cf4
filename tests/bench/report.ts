import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SubjectName } from './subject.ts';

export interface Row {
  readonly measure: string;
  readonly subject: SubjectName | 'one-by-one';
  readonly value: number;
  readonly unit: string;
  /** The load, and what helps to judge the value: the rounds it is the median of, processor time by part. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** `ratio` is ours divided by what it is held against; whether it may be at most or at least `bar` is in `measure`. */
export interface Bar {
  readonly measure: string;
  readonly ratio: number;
  readonly bar: string;
  readonly holds: boolean;
}

/** What a run has found so far. */
export class Report {
  readonly rows: Row[] = [];
  readonly bars: Bar[] = [];

  row(row: Row): void {
    this.rows.push({ ...row, value: rounded(row.value) });
    console.error(`  ${row.subject}: ${rounded(row.value)} ${row.unit} ${JSON.stringify(row.params)}`);
  }

  atMost(measure: string, ratio: number, limit: number): void {
    this.bars.push({ measure, ratio: rounded(ratio), bar: `≤ ${limit}`, holds: ratio <= limit });
  }

  atLeast(measure: string, ratio: number, limit: number): void {
    this.bars.push({ measure, ratio: rounded(ratio), bar: `≥ ${limit}`, holds: ratio >= limit });
  }

  print(): void {
    console.log('');
    printTable(this.rows.map(({ measure, subject, value, unit }) => [measure, subject, String(value), unit]));
    console.log('');
    printTable(
      this.bars.map(({ measure, ratio, bar, holds }) => {
        return [holds ? 'holds ' : 'MISSED', measure, String(ratio), bar];
      }),
    );
  }

  write(path: string, seconds: number): void {
    mkdirSync(dirname(path), { recursive: true });
    const { rows, bars } = this;
    const run = { machine: machine(), commit: commit(), seconds: rounded(seconds), rows, bars };
    writeFileSync(path, `${JSON.stringify(run, null, 2)}\n`);
    console.log(`\n${path}`);
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function printTable(lines: readonly (readonly string[])[]): void {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function machine(): object {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: rounded(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()}`,
    node: process.version,
    // What else ran while this did: above the number of cores, only processor time and ratios can be trusted.
    loadAverage: loadavg().map(rounded),
  };
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' and uncommitted changes'}`;
  } catch {
    return 'unknown';
  }
}
