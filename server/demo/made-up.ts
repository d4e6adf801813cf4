import type { Facts, FactValue, Field, WorkflowVersion } from '#lib/workflow/definition.ts';
import { fieldOf } from '#lib/workflow/facts.ts';
import type { FieldKey, UserId } from '#lib/workflow/ids.ts';
import type { Chance } from './chance.ts';

const COMPANIES = [
  'Aster Foods',
  'Birch & Rowan',
  'Copperline',
  'Dovetail Joinery',
  'Estuary Shipping',
  'Fernhill Clinics',
  'Granite Works',
  'Harbour Lights',
  'Ivory Press',
  'Juniper Travel',
  'Kestrel Optics',
  'Larkspur Gardens',
] as const;

const COMMENTS = [
  'Called them, they answer tomorrow.',
  'The numbers are in the annex.',
  'They asked for one more week.',
  'Checked with the team, fine with us.',
] as const;

const READ_BACKS = ['I read it this afternoon', 'I call the contact first', 'I set it up today'] as const;

export function madeUpTitle(chance: Chance): string {
  return chance.pick(COMPANIES);
}

export function madeUpComment(chance: Chance): string {
  return chance.pick(COMMENTS);
}

export function madeUpReadBack(chance: Chance): string {
  return chance.pick(READ_BACKS);
}

/** A valid value for each of these fields, as somebody in a hurry would fill them in. */
export function madeUpFacts(
  workflow: WorkflowVersion,
  keys: readonly FieldKey[],
  given: { readonly chance: Chance; readonly userId: UserId; readonly nowMs: number },
): Facts {
  const facts: Record<string, FactValue> = {};
  for (const key of keys) {
    const field = fieldOf(workflow, key);
    if (field) facts[key] = madeUpValue(field, given);
  }
  return facts;
}

const DAY_MS = 24 * 60 * 60 * 1000;

function madeUpValue(
  field: Field,
  { chance, userId, nowMs }: { chance: Chance; userId: UserId; nowMs: number },
): FactValue {
  switch (field.type) {
    case 'text':
      return `${field.label}: as agreed`;
    case 'number':
      return (1 + chance.below(40)) * 10;
    case 'date':
      return new Date(nowMs + (3 + chance.below(30)) * DAY_MS).toISOString().slice(0, 10);
    case 'choice':
      return chance.pick(field.choices);
    case 'person':
      return userId;
    case 'link':
      return `https://files.example/${String(1_000 + chance.below(9_000))}`;
    case 'checkbox':
      return true;
  }
}
