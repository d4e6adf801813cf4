// `npm test`: everything, in two parts, ending with what failed and one line that counts both.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  failureLines,
  playwrightCounts,
  playwrightFailures,
  summaryLine,
  vitestCounts,
  vitestFailures,
  type Counts,
  type Failure,
} from './support/test-report.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const reports = mkdtempSync(join(tmpdir(), 'baton-reports-'));

process.chdir(root);
// Once, here: several servers of one run would otherwise all find the build stale, and build over each other.
const buildExitCode = runNode(['server/launcher/build.cjs', '--if-stale']);

// Without a browser part the end-to-end tests can't start; the others still tell something.
const parts = [runVitest(), buildExitCode === 0 ? runPlaywright() : unbuilt(buildExitCode)];
rmSync(reports, { recursive: true, force: true });
const counts = parts.map((part) => part.counts);
console.log(`\n${failureLines(parts.flatMap(({ failures }) => failures))}`);
console.log(summaryLine(counts));
process.exitCode = counts.some(({ failed }) => failed > 0) ? 1 : 0;

interface Part {
  counts: Counts;
  failures: Failure[];
}

function unbuilt(exitCode: number): Part {
  return { counts: playwrightCounts(undefined, exitCode), failures: [] };
}

function runVitest(): Part {
  const report = join(reports, 'vitest.json');
  const exitCode = runTool('vitest', 'vitest.mjs', [
    ...['run', '--config', '.config/vitest.config.ts'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ]);
  const read = readReport(report);
  return { counts: vitestCounts(read, exitCode), failures: vitestFailures(read) };
}

function runPlaywright(): Part {
  const report = join(root, 'tests', 'e2e', '.results', 'report.json');
  // An old report must not speak for a run that never got to write one.
  rmSync(report, { force: true });
  const exitCode = runTool('@playwright/test', 'cli.js', [
    'test',
    '--config',
    '.config/playwright.config.ts',
  ]);
  const read = readReport(report);
  return { counts: playwrightCounts(read, exitCode), failures: playwrightFailures(read) };
}

function runTool(packageName: string, script: string, args: string[]): number {
  return runNode([join(dirname(require.resolve(`${packageName}/package.json`)), script), ...args]);
}

/** Runs a script in this Node, its output straight to the terminal, and returns its exit code. */
function runNode(args: string[]): number {
  return spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1;
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(`There is no test report at ${path}: ${String(error)}`);
    return undefined;
  }
}
