import type { FactValue, Field } from '#lib/workflow/definition.ts';
import type { UserId } from '#lib/workflow/ids.ts';
import type { FactProblem } from '#lib/workflow/refusals.ts';
import { formatDay } from './durations.ts';
import { LOCALE } from './locale.ts';
import type { Names } from './names.ts';

/** What is wrong with a value, as a sentence under its field. */
export function factProblemSentence(problem: FactProblem, field: Field | null): string {
  switch (problem) {
    case 'unknownField':
      return 'This workflow has no such field.';
    case 'wrongType':
      return field?.type === 'number'
        ? 'This has to be a number, such as 12000 or 12,000.50.'
        : 'This is not the kind of value the field holds.';
    case 'tooLong':
      return 'This is too long.';
    case 'notAChoice':
      return field && field.choices.length > 0
        ? `This has to be one of: ${field.choices.join(', ')}.`
        : 'This is not one of the choices.';
    case 'notADate':
      return 'This is not a day of the calendar.';
    case 'notALink':
      return 'A link begins with https:// or http://, and has no spaces.';
    case 'notAPerson':
      return 'This person is not on the board.';
    case 'empty':
      return 'This can’t be left empty.';
  }
}

/** A value as one would say it: `12,000`, `3 Dec`, `yes`, a person's name. */
export function factWords(value: FactValue, field: Field | null, names: Names, nowMs: number): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return value.toLocaleString(LOCALE, { maximumFractionDigits: 6 });
  if (field?.type === 'date') return formatDay(value, nowMs);
  if (field?.type === 'person') return names.person(value as UserId);
  return value;
}
