import type { FactChange } from '#lib/workflow/changes-since.ts';
import type { FactValue, Field } from '#lib/workflow/definition.ts';
import { factWords } from './facts.ts';
import type { Names } from './names.ts';

/** A fact longer than this is named and not quoted: it stands among the fields. */
const QUOTED_CHARS_MAX = 60;

/** `Contract value: 10,000, now 12,000`; no full stop. */
export function factChangeWords({ key, before, after }: FactChange, names: Names, nowMs: number): string {
  const label = names.field(key);
  const field = names.fieldOf(key);
  if (after === null || after === '') return `${label}: cleared`;
  const now = quoted(after, field, names, nowMs);
  if (before === null || before === '') return now === null ? `${label}: filled in` : `${label}: ${now}, new`;
  if (now === null) return `${label}: written anew`;
  const was = quoted(before, field, names, nowMs);
  return was === null ? `${label}: now ${now}` : `${label}: ${was}, now ${now}`;
}

function quoted(value: FactValue, field: Field | null, names: Names, nowMs: number): string | null {
  const said = factWords(value, field, names, nowMs);
  return said.length > QUOTED_CHARS_MAX ? null : said;
}
