import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { findChromium } from '../tests/support/chromium.ts';

const results = '../tests/e2e/.results';
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '../tests/e2e',
  testMatch: '**/*.test.ts',
  globalSetup: '../tests/e2e/support/shared-postgres.ts',
  outputDir: `${results}/artifacts`,
  reporter: [['list'], ['json', { outputFile: `${results}/report.json` }]],
  // A retry would hide the very races these tests look for.
  retries: 0,
  // A test is two browsers, a server and a database: with fewer than two cores for each they only wait for each other.
  workers: Math.max(1, Math.floor(availableParallelism() / 2)),
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    // What can't be clicked is said by name, long before the test as a whole gives up.
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    // A trace of everything, mostly thrown away, takes half as long again: ask for one with `--trace on`.
    trace: 'off',
    // It stores the whole program, beside the page that has just begun. Tests of what it is for allow it.
    serviceWorkers: 'block',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        // Chromium's sandbox does not work for root, which is what containers often are.
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-quic',
        // There is none; drawn by the processor at once it takes less than by a processor that plays one.
        '--disable-gpu',
      ],
    },
  },
});
