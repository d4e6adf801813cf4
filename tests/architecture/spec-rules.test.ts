import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const specs = [
  { letter: 'W', file: 'src/lib/workflow/SPEC.md' },
  { letter: 'P', file: 'src/lib/protocol/SPEC.md' },
  { letter: 'S', file: 'server/sync/SPEC.md' },
  { letter: 'A', file: 'server/auth/SPEC.md' },
  { letter: 'B', file: 'server/bell/SPEC.md' },
];

/** A rule is defined by a list item or table row that begins with its bold id: `- **W12** …`, `| **W12** | …`. */
function definedRules(text: string): string[] {
  return [...text.matchAll(/^\s*(?:[-*]|\d+\.|\|)?\s*\*\*([A-Z]\d+)\*\*/gm)].map((match) => match[1] ?? '');
}

/** A test cites a rule by a title that begins with its id; one title may cite several: `W3, W12: …`. */
function citedRules(text: string): string[] {
  const titles = text.matchAll(/['"`]([WPSAB]\d+(?:, ?[WPSAB]\d+)*): /g);
  return [...titles].flatMap((match) => (match[1] ?? '').split(/, ?/));
}

const cited = globSync('{src,server,migrations,tests}/**/*.test.ts', { cwd: root })
  .filter((file) => !file.endsWith('spec-rules.test.ts'))
  .flatMap((file) => citedRules(readFileSync(`${root}/${file}`, 'utf8')).map((rule) => ({ rule, file })));

describe.each(specs)('$file', ({ letter, file }) => {
  const path = `${root}/${file}`;
  const defined = existsSync(path) ? definedRules(readFileSync(path, 'utf8')) : [];
  const ownCited = cited.filter(({ rule }) => rule.startsWith(letter));

  test('states its rules, each under an id of its own', () => {
    expect(defined, `${file} defines no rule`).not.toEqual([]);
    expect(defined.filter((rule) => !rule.startsWith(letter))).toEqual([]);
    expect(defined.filter((rule, index) => defined.indexOf(rule) !== index)).toEqual([]);
  });

  test('has a test for every rule', () => {
    const tested = new Set(ownCited.map(({ rule }) => rule));
    expect(defined.filter((rule) => !tested.has(rule))).toEqual([]);
  });

  test('knows every rule that a test cites', () => {
    expect(ownCited.filter(({ rule }) => !defined.includes(rule))).toEqual([]);
  });
});

test('a rule is recognised in a list, in a table and in a title that cites two', () => {
  expect(definedRules('- **W1** A.\n| **W2** | B |\nSee **W3**.')).toEqual(['W1', 'W2']);
  expect(citedRules(`test('W1, W2: a sentence')`)).toEqual(['W1', 'W2']);
});
