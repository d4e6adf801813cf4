import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../.cache/bench-peers', import.meta.url));
const FILES = ['package.json', 'package-lock.json', '.npmrc'];

/**
 * The folder that the peers are installed in, with exactly the versions of the lockfile beside this file. Installed on
 * first use, and under `.cache`, so that no tool of the project looks into it.
 */
export function peersFolder(): string {
  if (isInstalled()) return FOLDER;
  mkdirSync(FOLDER, { recursive: true });
  for (const file of FILES) copyFileSync(join(HERE, file), join(FOLDER, file));
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0)
    throw new Error(`The peers could not be installed: run \`npm ci\` in ${FOLDER} and look.`);
  return FOLDER;
}

function isInstalled(): boolean {
  const isSame = FILES.every((file) => {
    const copy = join(FOLDER, file);
    return existsSync(copy) && readFileSync(copy, 'utf8') === readFileSync(join(HERE, file), 'utf8');
  });
  return isSame && existsSync(join(FOLDER, 'node_modules', '.package-lock.json'));
}
