import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const lockfile = readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8');

test('the lockfile names no registry host, so that it installs from whichever registry a machine uses', () => {
  const hosts = [...lockfile.matchAll(/"resolved": "(\w+:\/\/[^/"]+)/g)].map((match) => match[1]);
  expect(hosts).toEqual([]);
});

test('every dependency is pinned to one exact version', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const manifest = JSON.parse(text) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

// npm leaves out what its registry does not have for another platform, says nothing, and then `npm ci` refuses
// the lockfile everywhere.
test('the lockfile has the optional packages of every platform', () => {
  const { packages } = JSON.parse(lockfile) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const locked = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
  const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(optional.filter((name) => !locked.has(name))).toEqual([]);
});
