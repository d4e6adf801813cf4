import type { ChecklistCount } from '#lib/workflow/state.ts';

/** `3 of 5 done`. */
export function checklistWords({ done, total }: ChecklistCount): string {
  return `${done} of ${total} done`;
}

export const checklistLabels = {
  title: 'Checklist',
  place: (label: string, place: number, total: number) => `${label}: ${place} of ${total}`,
  deleted: (label: string) => `“${label}” deleted.`,
  undo: 'Undo',
  hint: 'Add something to do',
  newEntry: 'New entry of the checklist',
  add: 'Add',
  isFull: 'The list is full.',
  entry: (place: number, total: number) => `Entry ${place} of ${total}`,
  more: (label: string) => `More for ${label}`,
  moveUp: 'Move up',
  moveUpKey: 'Alt+↑',
  moveDown: 'Move down',
  moveDownKey: 'Alt+↓',
  delete: 'Delete',
} as const;
