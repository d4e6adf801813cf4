import type { Environment } from 'vitest/runtime';

/**
 * Node, but with modules made as for a browser. Svelte compiles runes in one way for browsers and in another
 * for server rendering, and in the latter no effect ever runs. Vitest asks for a default export.
 */
const environment: Environment = {
  name: 'runes',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
};

export default environment;
