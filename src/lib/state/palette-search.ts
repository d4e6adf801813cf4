/** What the palette can find: a text to match, and an id to know it by. */
export interface Findable {
  readonly id: string;
  readonly text: string;
}

export interface Found<Entry> {
  readonly shown: readonly Entry[];
  /** How many more match: said, and never cut off in silence. */
  readonly more: number;
  /** How well the best one fits: what group of finds comes first. */
  readonly best: number;
}

/** Below this, letters that only follow each other somewhere match nearly everything. */
const SCATTERED_MIN = 3;
const SCORE = { start: 100, word: 40, inside: 15, scattered: 2 } as const;

/** Ready to be searched at every key: folded once, when the palette opens. */
export class PaletteIndex<Entry extends Findable> {
  readonly #entries: readonly { readonly entry: Entry; readonly folded: string }[];

  constructor(entries: Iterable<Entry>) {
    this.#entries = Array.from(entries, (entry) => ({ entry, folded: fold(entry.text) }));
  }

  /** The best first; all words of the query must be found. An empty query finds all, in the order they were given. */
  find(query: string, max: number): Found<Entry> {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const scored = this.#entries.flatMap(({ entry, folded }, index) => {
      const score = scoreOf(folded, words);
      return score === null ? [] : [{ entry, score, index }];
    });
    scored.sort((a, b) => b.score - a.score || a.index - b.index);
    return {
      shown: scored.slice(0, max).map(({ entry }) => entry),
      more: Math.max(0, scored.length - max),
      best: scored[0]?.score ?? 0,
    };
  }
}

function scoreOf(text: string, words: readonly string[]): number | null {
  let sum = 0;
  for (const word of words) {
    const score = scoreOfWord(text, word);
    if (score === 0) return null;
    sum += score;
  }
  return sum;
}

function scoreOfWord(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === 0) return SCORE.start + (isWordEnd(text, word.length) ? SCORE.word : 0);
  if (at > 0) {
    if (isWordStart(text, at)) return SCORE.word + (isWordEnd(text, at + word.length) ? SCORE.inside : 0);
    return text.includes(` ${word}`) ? SCORE.word : SCORE.inside;
  }
  // Keys and numbers are meant as they are typed.
  const mayScatter = word.length >= SCATTERED_MIN && /^\p{L}+$/u.test(word);
  return mayScatter && isScattered(text, word) ? SCORE.scattered : 0;
}

/** The letters of the word follow each other in the text, the first one at the start of a word: `atrx`, `Atelier Roux`. */
function isScattered(text: string, word: string): boolean {
  const [first = ''] = word;
  for (let from = text.indexOf(first); from >= 0; from = text.indexOf(first, from + 1)) {
    if (!isWordStart(text, from)) continue;
    let at = from;
    if ([...word.slice(1)].every((letter) => (at = text.indexOf(letter, at + 1)) >= 0)) return true;
  }
  return false;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}

function isWordEnd(text: string, at: number): boolean {
  return at >= text.length || !/[\p{L}\p{N}]/u.test(text[at] ?? '');
}

/** Without case and accents: `Müller` is found by `muller`. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
