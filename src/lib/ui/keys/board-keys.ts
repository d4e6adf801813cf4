import type { BoardScreen } from '#lib/state/board.svelte.ts';
import { CARRY_TABLE, isLetter, KEY_TABLE, type KeyGround } from './key-table.ts';
import { pressOf, type Pressed } from './key-press.ts';

type KeyEvent = Pressed &
  Pick<KeyboardEvent, 'defaultPrevented' | 'isComposing' | 'repeat' | 'target' | 'preventDefault'>;

/** The keys of the board: they never act while a dialog is open, and only those that are no characters while one types. */
export function boardKeys(event: KeyEvent, board: BoardScreen, groundOf: () => KeyGround): void {
  if (event.defaultPrevented || event.isComposing || board.flow.kind !== 'none') return;
  const key = pressOf(event);
  if (key === null || isInOverlay(event.target)) return;
  const isCarrying = board.carry.card !== null;
  const binding = (isCarrying ? CARRY_TABLE : KEY_TABLE).find(({ keys }) => keys.includes(key));
  if (!binding?.run || (isTyping(event.target) && !binding.whileTyping)) return;
  if (isLetter(key) && !board.keys.hasLetters) return;
  if (event.repeat && !binding.repeats) return;
  if (binding.run(groundOf(), key)) event.preventDefault();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select') !== null)
  );
}

/** A dialog, menu or list that has keys of its own. */
function isInOverlay(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
  );
}
