import { LOCALE } from '../words/locale.ts';

/** The first letters of the first and the last word of a name, as capitals; of a single word its first two, as "Al". */
export function initials(name: string): string {
  // By code point, so that a letter outside the basic plane is not cut in half.
  const [first = [], ...others] = name
    .trim()
    .split(/\s+/u)
    .map((word) => [...word]);
  const [letter = '', second = ''] = first;
  const last = others.at(-1)?.[0]?.toLocaleUpperCase(LOCALE);
  return letter.toLocaleUpperCase(LOCALE) + (last ?? second.toLocaleLowerCase(LOCALE));
}
