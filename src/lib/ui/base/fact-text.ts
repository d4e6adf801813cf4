import type { FactValue, Field } from '#lib/workflow/definition.ts';

/** What was typed, as a value: null where it says "nothing". `ok: false` while it is not one yet. */
export type TypedFact = { readonly ok: true; readonly value: FactValue | null } | { readonly ok: false };

/** A fact as the text of its input. A value of another type than the field's (written by an older page) is shown too. */
export function factToText(value: FactValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/**
 * Reads what was typed into the input of a field. Forgiving in what people write: `1,200.50`, `1 200,5`, `12.000 €`,
 * `example.com` for a link. Whether the value is valid is asked of the rules afterwards.
 */
export function textToFact(field: Field, text: string): TypedFact {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: true, value: null };
  switch (field.type) {
    case 'number':
      return numberFrom(trimmed);
    case 'link':
      return { ok: true, value: isBareAddress(trimmed) ? `https://${trimmed}` : trimmed };
    case 'text':
      return { ok: true, value: text };
    default:
      return { ok: true, value: trimmed };
  }
}

/** Words with blanks between them are no address, and stay as they were typed. */
function isBareAddress(text: string): boolean {
  return !/\s/.test(text) && !/^[a-z][a-z0-9+.-]*:/i.test(text);
}

const CURRENCY = /^([+-]?)\s*(?:\p{Sc}|EUR|USD|GBP|CHF)|(?:\p{Sc}|EUR|USD|GBP|CHF)$/iu;
const GROUPED_BY_COMMAS = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const GROUPED_BY_DOTS = /^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/;

function numberFrom(text: string): TypedFact {
  const isMoney = CURRENCY.test(text);
  const figure = plainFigure(text.replace(CURRENCY, '$1').replace(/[\s'’_]/g, ''), isMoney);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(figure)) return { ok: false };
  const value = Number(figure);
  return Number.isFinite(value) ? { ok: true, value } : { ok: false };
}

/**
 * Without what groups thousands, and with a dot for the decimal sign. Commas and dots group where they can only do
 * that, else a lone one is the decimal sign. No money has three decimals: in `12.000 €` the dot groups, in `1.234` not.
 */
function plainFigure(figure: string, isMoney: boolean): string {
  if (GROUPED_BY_COMMAS.test(figure)) return figure.replaceAll(',', '');
  const canDotsOnlyGroup = isMoney || figure.split(/[.,]/).length > 2;
  if (canDotsOnlyGroup && GROUPED_BY_DOTS.test(figure)) return figure.replaceAll('.', '').replace(',', '.');
  return figure.replace(/^([+-]?\d+),(\d+)$/, '$1.$2');
}
