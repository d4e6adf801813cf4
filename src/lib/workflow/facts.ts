import { isCalendarDate } from './calendar.ts';
import { FACT_TEXT_CHARS_MAX, FIELDS_MAX, TITLE_CHARS_MAX, TITLE_KEY } from './definition.ts';
import type { Facts, FactValue, Field, WorkflowVersion } from './definition.ts';
import type { FieldKey } from './ids.ts';
import type { FactFault, FactProblem } from './refusals.ts';
import { isBlank, isStorableText } from './text.ts';

export type ParsedFact =
  { readonly ok: true; readonly value: FactValue } | { readonly ok: false; readonly problem: FactProblem };

/** Every item has a title, so no workflow lists it among its fields. */
export const TITLE_FIELD: Field = { key: TITLE_KEY, label: 'Title', type: 'text', hint: '', choices: [] };

/** An http(s) address with a host, without spaces, and without a user part that could pretend to be the host. */
const LINK_SHAPE = /^https?:\/\/[^\s/?#@\\]+([/?#][^\s\\]*)?$/i;

/**
 * The one validator of a fact: for commands, for the server's projection of item documents, and for forms. A blank text
 * is a valid value that counts as missing at a gate; only the title may not be blank.
 */
export function parseFact(field: Field, value: unknown, isPerson: (id: string) => boolean): ParsedFact {
  switch (field.type) {
    case 'number':
      // Adding zero turns -0 into 0: JSON columns do not keep the sign, and replicas must hold equal values.
      return typeof value === 'number' && Number.isFinite(value) ? accept(value + 0) : reject('wrongType');
    case 'checkbox':
      return typeof value === 'boolean' ? accept(value) : reject('wrongType');
    default:
      return typeof value === 'string' ? parseTextFact(field, value, isPerson) : reject('wrongType');
  }
}

/**
 * All faults of these facts, in their order, at most `FIELDS_MAX`. Only own keys that the workflow names pass, so a key
 * such as `__proto__` is an unknown field and never reaches an object's prototype.
 */
export function checkFacts(
  workflow: WorkflowVersion,
  facts: Facts,
  isPerson: (id: string) => boolean,
): FactFault[] {
  const faults: FactFault[] = [];
  for (const key of Object.keys(facts)) {
    if (faults.length === FIELDS_MAX) break;
    const field = fieldOf(workflow, key);
    const parsed = field === null ? reject('unknownField') : parseFact(field, facts[key], isPerson);
    if (!parsed.ok) faults.push({ field: key as FieldKey, problem: parsed.problem });
  }
  return faults;
}

/** The field of that key, the built-in title included; null: the workflow has none. */
export function fieldOf(workflow: WorkflowVersion, key: string): Field | null {
  if (key === TITLE_KEY) return TITLE_FIELD;
  return workflow.fields.find((field) => field.key === key) ?? null;
}

/** The fact of that key, read as an own property: a field may well be called `constructor`. */
export function factOf(facts: Facts, key: string): FactValue | undefined {
  return Object.hasOwn(facts, key) ? facts[key] : undefined;
}

/** Whether there is nothing where a fact could be: absent, or a text with nothing to read in it. */
export function isLacking(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value));
}

function parseTextFact(field: Field, value: string, isPerson: (id: string) => boolean): ParsedFact {
  if (!isStorableText(value)) return reject('wrongType');
  if (value.length > (field.key === TITLE_KEY ? TITLE_CHARS_MAX : FACT_TEXT_CHARS_MAX))
    return reject('tooLong');
  switch (field.type) {
    case 'date':
      return isCalendarDate(value) ? accept(value) : reject('notADate');
    case 'choice':
      return field.choices.includes(value) ? accept(value) : reject('notAChoice');
    case 'person':
      return isPerson(value) ? accept(value) : reject('notAPerson');
    case 'link':
      return LINK_SHAPE.test(value) ? accept(value) : reject('notALink');
    default:
      return field.key === TITLE_KEY && isBlank(value) ? reject('empty') : accept(value);
  }
}

function accept(value: FactValue): ParsedFact {
  return { ok: true, value };
}

function reject(problem: FactProblem): { readonly ok: false; readonly problem: FactProblem } {
  return { ok: false, problem };
}
