import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What stands in backquotes in the column "shown by": a test file or a folder of them, by the end of its path. */
function namedTests(text: string): string[] {
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.flatMap((row) => {
    const cells = row.split('|');
    // The first table has an id before the sentence.
    const shownBy = cells[cells.length - 3] ?? '';
    return [...shownBy.matchAll(/`([\w./-]+)`/g)].map((match) => match[1] ?? '');
  });
}

test('every test that tests/README.md names is there', () => {
  const files = globSync('{src,server,tests}/**/*.test.ts', { cwd: root });
  const named = namedTests(
    readFileSync(`${root}/tests/README.md`, 'utf8').split('## What must hold')[1] ?? '',
  );
  const isThere = (name: string) =>
    files.some((file) => `/${file}`.endsWith(`/${name}.test.ts`) || `/${file}`.includes(`/${name}/`));
  expect(named.length).toBeGreaterThan(80);
  expect(named.filter((name) => name !== 'auditBoards' && !isThere(name))).toEqual([]);
});
