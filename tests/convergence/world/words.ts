/** What people write in the simulation: words that occur once in the world, each with a space behind it. */
const WORD = /w[0-9a-z]+w /g;

export interface PlacedWord {
  readonly word: string;
  readonly at: number;
}

export function wordsOf(text: string): PlacedWord[] {
  return [...text.matchAll(WORD)].map(({ 0: found, index }) => ({ word: found.trimEnd(), at: index }));
}

/** Before the first word, and behind each. */
export function gapsOf(text: string): number[] {
  return [0, ...wordsOf(text).map(({ word, at }) => at + word.length + 1)];
}

export function countOf(text: string, word: string): number {
  return text.split(word).length - 1;
}
