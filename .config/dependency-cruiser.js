// The order of the layers, highest first: imports only point down this list.
const layers = [
  'src/routes',
  'src/lib/ui',
  'src/lib/state',
  'src/lib/sync',
  'src/lib/protocol',
  'src/lib/board',
  'src/lib/workflow',
];

// A test may import what it needs to set its stage.
const test = '\\.test\\.ts$';

const pointDown = layers.slice(1).map((layer, index) => ({
  name: `${layer.split('/').pop()}-points-down`,
  comment: `${layer} must not know what is built on top of it, or neither could be changed or tested alone.`,
  severity: 'error',
  from: { path: `^${layer}/`, pathNot: test },
  to: { path: layers.slice(0, index + 1).map((higher) => `^${higher}/`) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...pointDown,
    {
      name: 'workflow-stands-alone',
      comment: 'The rules run alike in browser, server and simulation, because they import nothing at all.',
      severity: 'error',
      from: { path: '^src/lib/workflow/', pathNot: test },
      to: { pathNot: '^src/lib/workflow/' },
    },
    {
      name: 'ui-has-no-wire',
      comment:
        'Components show what src/lib/state gives them: with no Yjs and no socket they can be tested alone.',
      severity: 'error',
      from: { path: '^src/lib/ui/', pathNot: test },
      to: {
        path: [
          '^src/lib/sync/',
          '/node_modules/(yjs|y-[^/]+|lib0|idb)/',
          '^node_modules/(yjs|y-[^/]+|lib0|idb)/',
        ],
      },
    },
    {
      name: 'browser-part-stands-alone',
      comment: 'What a browser runs must not reach into the server, its migrations or the tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: '^(server|migrations|tests)/' },
    },
    {
      name: 'browser-part-has-no-node',
      comment: 'Browsers have no node: modules.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'server-shares-only-the-core',
      comment: 'Of src, the server may import protocol, board and workflow: the rest needs a browser.',
      severity: 'error',
      from: { path: '^server/', pathNot: test },
      to: { path: '^(src|tests)/', pathNot: '^src/lib/(protocol|board|workflow)/' },
    },
    {
      name: 'migrations-are-frozen',
      comment:
        'A migration means the same for ever, so it imports Kysely and nothing of ours that may change.',
      severity: 'error',
      from: { path: '^migrations/', pathNot: test },
      to: { pathNot: '^node_modules/kysely/' },
    },
    {
      name: 'tests-are-not-a-library',
      comment: 'A test file is imported by nobody; what several tests need stands in tests/support.',
      severity: 'error',
      from: {},
      to: { path: test },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: {},
      // SvelteKit makes these while it builds.
      to: { couldNotResolve: true, pathNot: '^(\\$app/|\\$service-worker|\\./\\$types)' },
    },
    {
      name: 'shipped-code-has-shipped-packages',
      comment: 'A devDependency is absent where Baton is installed to run.',
      severity: 'error',
      from: { path: '^(src|server|migrations)/', pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.svelte-kit|build|data|tests/e2e/\\.results)/' },
    // Types count too: a layer that knows a higher layer's types is tied to it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default', 'types'],
    },
  },
};
