import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Field } from './definition.ts';
import { parseFact } from './facts.ts';
import type { FieldKey } from './ids.ts';
import { cleanLine, cleanText, cleanTexts, isStorableText } from './text.ts';

const FIELD: Field = { key: 'company' as FieldKey, label: 'Company', type: 'text', hint: '', choices: [] };
const HIDDEN = [
  ...['\u0000', '\u0007', '\r', '\v', '\f', '\u001b', '\u007f', '\u0085', '\u009b', '\u2028', '\u2029'],
  ...['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'],
  ...['\ud83d', '\ude00'],
];
/** What stays: joiners in emoji and in Persian, marks of direction, combined letters, tab and newline. */
const ALLOWED = ['👩‍💻', '🏳️‍🌈', 'می\u200cخواهم', 'a\u200eb\u200fc', 'e\u0301', 'مرحبا', 'a\tb\nc', ''];
/** Any text, with the hidden ones far more often than chance has them, and halves of pairs next to each other. */
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...HIDDEN), fc.constantFrom(...ALLOWED), fc.string({ unit: 'binary' })))
  .map((parts) => parts.join(''));

function isFact(text: string): boolean {
  return parseFact(FIELD, text, () => false).ok;
}

it.each(HIDDEN.map((text) => [text.charCodeAt(0).toString(16), text]))(
  'W44: U+%s is no part of a fact, and is left out or becomes a newline',
  (_name, text) => {
    expect(isFact(`Ac${text}me`)).toBe(false);
    expect(['Acme', 'Ac\nme']).toContain(cleanText(`Ac${text}me`));
  },
);

it('W44: what joins, marks or combines stays as it was typed', () => {
  for (const text of ALLOWED) expect([isFact(text), cleanText(text)]).toEqual([true, text]);
});

it('W44: what is cleaned is valid, never longer, and is not changed by cleaning it again', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const clean = cleanText(text);
      expect(isStorableText(clean) && isFact(clean)).toBe(true);
      expect(clean.isWellFormed()).toBe(true);
      expect(cleanText(clean)).toBe(clean);
      expect(clean.length).toBeLessThanOrEqual(text.length);
      if (isStorableText(text)) expect(clean).toBe(text);
      expect(cleanLine(text)).not.toMatch(/[\t\n\r]/);
    }),
  );
});

it('cleans every text in a plain value and keeps what is none', () => {
  const given = { a: 'x\u202ey', list: ['1\r\n2', 3], deep: { on: true, none: null } };
  expect(cleanTexts(given)).toEqual({ a: 'xy', list: ['1\n2', 3], deep: { on: true, none: null } });
});
