import { TITLE_KEY } from '#lib/workflow/definition.ts';
import type { FieldKey } from '#lib/workflow/ids.ts';
import type { Names } from './names.ts';
import { listed } from './sentences.ts';

/** One who writes, and where; null: in the description or the checklist. */
interface Writer {
  readonly name: string;
  readonly field: FieldKey | null;
}

export function lookingWords(name: string): string {
  return `${name} is looking at it`;
}

export function draggingWords(name: string): string {
  return `${name} is moving it`;
}

/** `Bob is writing in Contract value`; where several write in several places, only who they are. */
export function writingWords(writers: readonly Writer[], names: Pick<Names, 'field' | 'fieldOf'>): string {
  const fields = new Set(writers.map(({ field }) => field));
  const [field] = fields.size === 1 ? fields : [];
  // A key that this workflow does not have says nothing to anybody.
  const isKnown = field === TITLE_KEY || (field && names.fieldOf(field));
  return `${whoWrites(writers)} writing${field && isKnown ? ` in ${names.field(field)}` : ''}`;
}

/** Beside the field itself. */
export function writingHereWords(writers: readonly Writer[]): string {
  return `${whoWrites(writers)} writing here`;
}

function whoWrites(writers: readonly Writer[]): string {
  const people = [...new Set(writers.map(({ name }) => name))];
  return `${listed(people)} ${people.length === 1 ? 'is' : 'are'}`;
}
