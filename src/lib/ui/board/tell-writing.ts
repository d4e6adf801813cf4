import type { Attachment } from 'svelte/attachments';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import type { FieldKey, ItemId } from '#lib/workflow/ids.ts';

/**
 * Tells the others that this person writes in a field of an item (null: in its description or checklist) for as long as
 * the focus is inside the element. A window that is left takes the focus along, so nobody writes from another tab.
 */
export function tellWriting(
  board: BoardScreen,
  itemId: ItemId,
  field: FieldKey | null,
): Attachment<HTMLElement> {
  return (element) => {
    let isTold = false;
    const tell = (isWriting: boolean) => {
      if (isWriting !== isTold) board.setPresence({ writing: isWriting ? { itemId, field } : null });
      isTold = isWriting;
    };
    const enter = () => tell(true);
    const leave = ({ relatedTarget }: FocusEvent) =>
      tell(relatedTarget instanceof Node && element.contains(relatedTarget));
    element.addEventListener('focusin', enter);
    element.addEventListener('focusout', leave);
    // It may have been there before: what the field is told of anew must not look like a pause.
    if (element.contains(document.activeElement)) enter();
    return () => {
      element.removeEventListener('focusin', enter);
      element.removeEventListener('focusout', leave);
      tell(false);
    };
  };
}
