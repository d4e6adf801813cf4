import { defineConfig } from '@playwright/test';
import { findChromium } from '../tests/support/chromium.ts';

const results = '../tests/e2e/.results';
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '../tests/e2e',
  testMatch: '**/*.test.ts',
  outputDir: `${results}/artifacts`,
  reporter: [['list'], ['json', { outputFile: `${results}/report.json` }]],
  // A retry would hide the very races these tests look for.
  retries: 0,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    // What can't be clicked is said by name, long before the test as a whole gives up.
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findChromium(),
      args: [
        // Chromium's sandbox does not work for root, which is what containers often are.
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-quic',
      ],
    },
  },
});
