import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { wordsInComponent, wordsInModule } from './written-words.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const HOME = 'src/lib/ui/words/';

/** Of `src/lib/ui/text` only the components: its modules are full of what Markdown and CSS call their parts. */
const isLookedAt = (file: string): boolean =>
  !file.startsWith(HOME) && !/\.test(ing)?\.ts$/.test(file) && !/^src\/lib\/ui\/text\/.*\.ts$/.test(file);

function wordsIn(file: string): readonly string[] {
  const source = readFileSync(`${root}/${file}`, 'utf8');
  return file.endsWith('.svelte') ? wordsInComponent(source) : wordsInModule(source);
}

const files = globSync(['src/**/*.svelte', 'src/{routes,lib/ui,lib/state}/**/*.ts'], { cwd: root })
  .filter(isLookedAt)
  .sort();
// Read before the tests begin: hundreds of files to parse may take a busy machine longer than one test may.
const written = files.flatMap((file) => wordsIn(file).map((words) => `${file}:${words}`));

test(`a component or module outside ${HOME} holds no words for people`, () => {
  expect(files.length).toBeGreaterThan(200);
  expect(written).toEqual([]);
});

describe('words are found', () => {
  test.each([
    ['<p>Save</p>'],
    ['<p title="save">{name}</p>'],
    ['<p>{isOpen ? "open" : name}</p>'],
    ['<p>{`${count} more`}</p>'],
    ['<Dialog text="Save it?" />'],
    ['<Button onclick={() => say("Not done.")} />'],
    ['<p aria-label={`Owner: ${name}`}></p>'],
    ['<script lang="ts">const label = isNew ? "Make the board" : x;</script>'],
  ])('%s', (source) => expect(wordsInComponent(source)).toHaveLength(1));
});

describe('what nobody reads is none', () => {
  test.each([
    ['<p class="wide open" id="name">{words.save} · {count}</p>'],
    ['<p onkeydown={({ key }) => key === "Escape" && close()}></p>'],
    ['<a href="/b/{id}">{name}</a>'],
    ['<script lang="ts">const found = list.querySelector("li a") as "Some Type";</script>'],
    ['<script lang="ts">throw new Error("There is no board.");</script>'],
  ])('%s', (source) => expect(wordsInComponent(source)).toEqual([]));
});
