import type { FactValue, Field } from '#lib/workflow/definition.ts';

/** What was typed, as a value: null where it says "nothing". `ok: false` while it is not one yet. */
export type TypedFact = { readonly ok: true; readonly value: FactValue | null } | { readonly ok: false };

/** A fact as the text of its input. A value of another type than the field's (written by an older page) is shown too. */
export function factToText(value: FactValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/**
 * Reads what was typed into the input of a field. Forgiving in what people write: `1,200.50`, `1 200,5`,
 * `example.com` for a link. Whether the value is valid is asked of the rules afterwards.
 */
export function textToFact(field: Field, text: string): TypedFact {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, value: null };
  switch (field.type) {
    case 'number':
      return numberFrom(trimmed);
    case 'link':
      return { ok: true, value: hasScheme(trimmed) ? trimmed : `https://${trimmed}` };
    case 'text':
      return { ok: true, value: text };
    default:
      return { ok: true, value: trimmed };
  }
}

function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(text);
}

/** Blanks group thousands; so do commas where they can only do that, else a lone comma is the decimal sign. */
function numberFrom(text: string): TypedFact {
  const plain = text.replace(/[\s'_\u00a0\u202f]/g, '');
  const isGrouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain);
  const normal = isGrouped ? plain.replaceAll(',', '') : plain.replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(normal)) return { ok: false };
  const value = Number(normal);
  return Number.isFinite(value) ? { ok: true, value } : { ok: false };
}
