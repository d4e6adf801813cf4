import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from '../svelte.config.js';

// ESLint keeps only the last value of a rule for a file, so each list of bans is made up in full where it is set.
const everywhere = [
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message:
      'An error is handled or rethrown, never swallowed. If nothing is to be done, return and say why.',
  },
];

const impure = [
  ['MemberExpression[object.name="Date"][property.name="now"]', 'nowMs'],
  ['NewExpression[callee.name="Date"][arguments.length=0]', 'nowMs'],
  ['CallExpression[callee.name="Date"]', 'nowMs'],
  ['MemberExpression[object.name="Math"][property.name="random"]', 'the random value'],
].map(([selector, argument]) => ({
  selector,
  message: `Deciding is a pure function, so that browser and server agree: take ${argument} as an argument.`,
}));

const impureGlobals = [
  ...['crypto', 'performance', 'process', 'globalThis', 'global', 'self', 'console', 'fetch', 'navigator'],
  ...['window', 'document', 'location', 'localStorage', 'sessionStorage', 'indexedDB', 'BroadcastChannel'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  ...['queueMicrotask', 'requestAnimationFrame', 'structuredClone', 'WebSocket', 'Worker', 'Buffer'],
].map((name) => ({
  name,
  message: 'The rules know no clock, no randomness, no timers and no machine around them.',
}));

const rawSql = [
  {
    selector: 'MemberExpression[object.name="sql"][property.name=/^(raw|lit)$/]',
    message: 'sql.raw and sql.lit put text into a statement unescaped: use parameters, sql.ref or sql.id.',
  },
];

const edgeGlobals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'indexedDB'].map((name) => ({
  name,
  message: 'Components show what src/lib/state gives them; they reach neither the network nor the store.',
}));

const nodeGlobals = ['process', 'Buffer', 'global', 'setImmediate', '__dirname', '__filename'].map(
  (name) => ({
    name,
    message: 'This code runs in browsers too, which have no such thing.',
  }),
);

const tests = ['**/*.test.ts', 'tests/**/*.ts'];

export default defineConfig(
  { ignores: ['build/', '.svelte-kit/', 'data/', 'coverage/', 'tests/e2e/.results/', 'tests/bench/out/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.recommendedTypeChecked,
  svelte.configs.recommended,
  prettier,
  svelte.configs.prettier,
  {
    languageOptions: {
      globals: { ...globals.node, ...globals.browser },
      parserOptions: {
        projectService: true,
        tsconfigRootDir: `${import.meta.dirname}/..`,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      // TypeScript finds undefined names itself, and knows more about them.
      'no-undef': 'off',
      'no-restricted-syntax': ['error', ...everywhere],
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true } },
      ],
      // The ban above says it better.
      'no-empty': ['error', { allowEmptyCatch: true }],
      'max-params': ['error', 4],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // An async function that awaits nothing is often there to fulfil an interface.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNever: true },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // The board is always served from the root of its host, so no address needs a base path.
      'svelte/no-navigation-without-resolve': 'off',
      // State here is replaced whole, never changed in place, so plain maps and sets are what is wanted.
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/no-at-html-tags': 'error',
      'svelte/button-has-type': 'error',
    },
  },
  {
    // The type of a component's props is lost between two Svelte files here; svelte-check sees it.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['src/**/*.{ts,svelte}'],
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...nodeGlobals],
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  {
    files: ['src/lib/ui/**/*.{ts,svelte}'],
    ignores: tests,
    rules: { 'no-restricted-globals': ['error', ...nodeGlobals, ...edgeGlobals] },
  },
  {
    files: ['src/lib/workflow/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-syntax': ['error', ...everywhere, ...impure],
    },
  },
  {
    files: ['server/**/*.ts', 'migrations/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...rawSql] },
  },
  {
    // A migration sees the database as it was then, which no type of today describes.
    files: ['migrations/**/*.ts'],
    rules: { '@typescript-eslint/no-explicit-any': 'off' },
  },
  {
    files: ['src/service-worker.ts'],
    languageOptions: {
      parserOptions: { projectService: false, project: '.config/tsconfig.service-worker.json' },
    },
  },
  {
    // What a test has just received is checked by its expectations, not by its types.
    files: tests,
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Tools ask for their configuration, or for what they call, as a default export.
    files: [
      ...['vite.config.ts', 'svelte.config.js', '.config/*'],
      ...['tests/support/runes-environment.ts', 'tests/e2e/support/shared-postgres.ts'],
    ],
    rules: { 'no-restricted-exports': 'off' },
  },
  { files: ['**/*.{js,cjs,mjs}'], extends: [ts.configs.disableTypeChecked] },
  {
    // Written for whatever Node a machine has.
    files: ['server/launcher/*.cjs'],
    rules: { 'no-var': 'off', '@typescript-eslint/no-require-imports': 'off' },
  },
);
