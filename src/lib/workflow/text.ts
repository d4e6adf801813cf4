/**
 * What nobody types and nobody sees: control characters but tab and newline, further line ends, halves of surrogate
 * pairs, and what turns the direction of the text after it around. That last lets "cancelled" read as something else, as
 * in "Trojan Source" (CVE-2021-42574). What joins letters and emoji, and the marks of one direction (LRM, RLM), stay.
 */
const HIDDEN = /[^\P{Cc}\t\n]|[\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;
const ALL_HIDDEN = new RegExp(HIDDEN, 'gu');
/** Of other systems, and of Unicode. */
const LINE_END = /\r\n?|[\v\f\u0085\p{Zl}\p{Zp}]/gu;

/**
 * Whether this text can be kept and shown as it is. Postgres refuses a NUL and half a surrogate pair inside JSON, so a
 * single such character in a note or a title would make the whole commit fail again and again.
 */
export function isStorableText(text: string): boolean {
  return !HIDDEN.test(text);
}

/** The text as it can be kept, never longer: line ends become newlines, and everything else that is hidden is left out. */
export function cleanText(text: string): string {
  return text.replace(LINE_END, '\n').replace(ALL_HIDDEN, '');
}

/** For what stands on one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/[\t\n]+/g, ' ');
}

/** A plain value (JSON) with every text in it cleaned; its keys stay. */
export function cleanTexts<Value>(value: Value): Value {
  return cleanAny(value) as Value;
}

function cleanAny(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanAny);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleanAny(part)]));
}

/** Whether there is nothing to read in it. */
export function isBlank(text: string): boolean {
  return text.trim() === '';
}
