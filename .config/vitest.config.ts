import { svelte } from '@sveltejs/vite-plugin-svelte';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '..');
const inSupport = (file: string) => `${root}/tests/support/${file}`;
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
      {
        root,
        test: {
          name: 'server',
          include: [
            'server/**/*.test.ts',
            'migrations/**/*.test.ts',
            'tests/{architecture,contract,convergence,endurance,faults,hostile,integration,support}/**/*.test.ts',
          ],
          environment: 'node',
          // Only this project pays for the databases: tests of the rules alone start at once.
          globalSetup: [inSupport('global-postgres.ts'), inSupport('global-embedded.ts')],
          // A machine with two busy cores may need a while to start processes; a hang is still found.
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
