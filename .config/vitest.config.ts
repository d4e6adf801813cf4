import { svelte } from '@sveltejs/vite-plugin-svelte';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const root = join(import.meta.dirname, '..');
const inSupport = (file: string) => `${root}/tests/support/${file}`;
/** A machine with two busy cores may need a while for anything; a hang is still found. */
const PATIENCE = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 15_000 } },
};
const withRunes = 'src/{routes,lib/ui,lib/state}/**/*.test.ts';

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        plugins: [svelte()],
        // Packages too are taken as a browser would take them; Svelte itself has a half for each side.
        resolve: { conditions: ['browser', 'module', 'development'] },
        test: { name: 'runes', include: [withRunes], environment: inSupport('runes-environment.ts') },
      },
      {
        root,
        test: { name: 'core', include: ['src/**/*.test.ts'], exclude: [withRunes], environment: 'node' },
      },
      server('server', {
        include: [
          'server/**/*.test.ts',
          'migrations/**/*.test.ts',
          'tests/{architecture,contract,convergence,integration,support}/**/*.test.ts',
        ],
        // They wait for processes, disks and clocks as much as they compute.
        maxWorkers: 2,
        sequence: { groupOrder: 1 },
      }),
      // What is killed, cut, stopped and flooded is best alone, or it would tell of its neighbour.
      server('faults', {
        include: ['tests/{endurance,faults,hostile}/**/*.test.ts'],
        maxWorkers: 1,
        sequence: { groupOrder: 2 },
      }),
    ],
  },
});

/** Tests that need a database; only these pay for it: tests of the rules alone start at once. */
function server(
  name: string,
  test: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration {
  return {
    root,
    test: {
      name,
      environment: 'node',
      globalSetup: [inSupport('global-postgres.ts'), inSupport('global-embedded.ts')],
      ...PATIENCE,
      ...test,
    },
  };
}
