import {
  draggable,
  dropTargetForElements,
  type ElementEventBasePayload,
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import type { Attachment } from 'svelte/attachments';

const ENTRY = Symbol('entry');

type DragData = Record<string | symbol, unknown>;

export interface EntryDragging {
  readonly id: string;
  /** What it is taken by: a press on the text must set the caret. */
  readonly handle: () => HTMLElement | null;
  readonly onOver: (side: 'before' | 'after' | null) => void;
  /** Another entry was let go on this one. */
  readonly onDrop: (id: string, side: 'before' | 'after') => void;
}

/** A row of the checklist that can be dragged, and dropped on: the half of it decides the side. */
export function draggableEntry({ id, handle, onOver, onDrop }: EntryDragging): Attachment<HTMLElement> {
  return (element) => {
    const dragHandle = handle();
    const sideOf = ({ location }: ElementEventBasePayload): 'before' | 'after' => {
      const { top, height } = element.getBoundingClientRect();
      return location.current.input.clientY < top + height / 2 ? 'before' : 'after';
    };
    return combine(
      dragHandle
        ? draggable({ element, dragHandle, getInitialData: () => ({ [ENTRY]: id }) })
        : () => undefined,
      dropTargetForElements({
        element,
        canDrop: ({ source }) => {
          const dragged = (source.data as DragData)[ENTRY];
          return typeof dragged === 'string' && dragged !== id;
        },
        onDrag: (payload) => onOver(sideOf(payload)),
        onDragLeave: () => onOver(null),
        onDrop: (payload) => {
          onOver(null);
          onDrop((payload.source.data as DragData)[ENTRY] as string, sideOf(payload));
        },
      }),
    );
  };
}
