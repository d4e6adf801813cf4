import type { CardAction } from '#lib/state/board-actions.ts';
import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import { keepFocusOn } from './focus-card.ts';

/** Does it at once where nothing has to be asked, else opens the dialog that asks. */
export function doAction(board: BoardScreen, card: BoardCard, action: CardAction): void {
  const { acts } = board;
  void keepFocusOn(card.id);
  switch (action) {
    case 'accept':
      board.accept(card);
      return;
    case 'withdraw':
      acts.withdraw(card.id);
      return;
    case 'nudge':
      acts.nudge(card.id);
      return;
    case 'claim':
      acts.claim(card.id);
      return;
    case 'resume':
      acts.resume(card.id);
      return;
    case 'complete':
      acts.complete(card.id);
      return;
    case 'return':
    case 'assign':
    case 'wait':
    case 'sendBack':
    case 'cancel':
    case 'reopen':
      board.open({ kind: action, itemId: card.id });
  }
}
