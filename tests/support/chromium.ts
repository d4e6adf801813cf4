import { chromium } from '@playwright/test';
import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

// The headless shell first: without a browser's own windows it takes two thirds of the time.
const systemNames = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];

// An installer may ask questions, and nobody is there to answer them.
const installing: SpawnSyncOptions = {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
};

/**
 * The path of a Chromium that starts: BATON_CHROMIUM, else the system's, else Playwright's own (downloaded if
 * need be), else, for root on Debian and its kin, the distribution's package. Throws an error that says what
 * to do when there is none.
 */
export function findChromium(): string {
  const path = chosenChromium() ?? installedChromium() ?? downloadedChromium() ?? packagedChromium();
  if (path === undefined) {
    throw new Error(
      'No Chromium was found for the end-to-end tests: install one (`npx playwright install --with-deps chromium`), ' +
        'or name one in BATON_CHROMIUM.',
    );
  }
  // Every worker of a run reads the configuration anew and comes by here; they need not search again.
  process.env.BATON_CHROMIUM = path;
  return path;
}

function chosenChromium(): string | undefined {
  const path = process.env.BATON_CHROMIUM;
  if (path === undefined || path === '') return undefined;
  if (existsSync(path)) return path;
  throw new Error(`BATON_CHROMIUM names ${path}, which does not exist.`);
}

function installedChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const system = systemNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...system, chromium.executablePath()].find(starts);
}

function downloadedChromium(): string | undefined {
  console.log('No Chromium on this machine: Playwright downloads its own.');
  const package_ = createRequire(import.meta.url).resolve('@playwright/test/package.json');
  spawnSync(process.execPath, [join(dirname(package_), 'cli.js'), 'install', 'chromium'], installing);
  return [chromium.executablePath()].find(starts);
}

function packagedChromium(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  console.log('Playwright brought no Chromium that starts here: installing the distribution’s (apt-get).');
  spawnSync('apt-get', ['update', '-q'], installing);
  const packages = ['chromium-headless-shell', 'chromium'];
  for (const name of packages) {
    const { status } = spawnSync(
      'apt-get',
      ['install', '-y', '-q', '--no-install-recommends', name],
      installing,
    );
    if (status === 0) break;
  }
  return installedChromium();
}

// A file alone proves nothing: Ubuntu's `chromium-browser` only points to a shop, and a download may lack libraries.
function starts(path: string): boolean {
  return (
    existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0
  );
}
