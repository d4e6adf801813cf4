import type { FactValue } from '#lib/workflow/definition.ts';
import type { FieldKey } from '#lib/workflow/ids.ts';
import { factWords } from './facts.ts';
import type { Names } from './names.ts';

/** What was written on an item and refused; what was not changed is not in it. */
interface Refused {
  readonly facts: Readonly<Record<string, FactValue | null>>;
  readonly description: string | null;
  readonly checklist: readonly { readonly label: string; readonly isDone: boolean }[] | null;
}

const EMPTIED = '(emptied)';

/** As plain text, to be copied by hand. */
export function refusedText({ facts, description, checklist }: Refused, names: Names, nowMs: number): string {
  const fields = Object.entries(facts).map(([key, value]) => {
    const field = names.fieldOf(key as FieldKey);
    const said = value === null || value === '' ? EMPTIED : factWords(value, field, names, nowMs);
    return `${names.field(key as FieldKey)}: ${said}`;
  });
  const list = checklist?.map(({ label, isDone }) => `- [${isDone ? 'x' : ' '}] ${label}`) ?? [];
  const parts = [fields.join('\n'), description === '' ? EMPTIED : (description ?? ''), list.join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}
