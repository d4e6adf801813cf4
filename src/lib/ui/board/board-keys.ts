import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import { doAction } from './card-action.ts';

/** The keys of the board. On a card in focus they act on it; they never act while one types or a dialog is open. */
export function boardKeys(event: KeyboardEvent, board: BoardScreen): void {
  if (event.defaultPrevented || board.flow.kind !== 'none' || isTyping(event.target)) return;
  if ((event.ctrlKey || event.metaKey) && event.key === 'z') {
    board.notes.undoLatest();
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'n') {
    board.open({ kind: 'create', teamId: null });
    event.preventDefault();
    return;
  }
  const card = cardInFocus(event.target, board);
  if (card && actOnCard(event.key, board, card)) event.preventDefault();
}

function actOnCard(key: string, board: BoardScreen, card: BoardCard): boolean {
  const action = ({ a: 'assign', '1': 'accept', '3': 'return' } as const)[key];
  if (key === 'm' && card.actions.length > 0) board.open({ kind: 'move', itemId: card.id });
  else if (action && card.actions.includes(action)) doAction(board, card, action);
  else return false;
  return true;
}

function cardInFocus(target: EventTarget | null, board: BoardScreen): BoardCard | null {
  const element = target instanceof Element ? target.closest('[data-item-id]') : null;
  const id = element?.getAttribute('data-item-id');
  return id ? (board.cards.byId.get(id as BoardCard['id']) ?? null) : null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null)
  );
}
