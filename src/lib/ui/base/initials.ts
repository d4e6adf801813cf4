import { LOCALE } from '../words/locale.ts';

/** The first letters of the first and the last word of a name, as capitals; one letter for a single word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words[words.length - 1]) : '';
  return first + last;
}

function firstLetter(word: string | undefined): string {
  // By code point, so that a letter outside the basic plane is not cut in half.
  return word === undefined ? '' : ([...word][0] ?? '').toLocaleUpperCase(LOCALE);
}
