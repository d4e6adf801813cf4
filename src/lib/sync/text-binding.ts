import type { Extension } from '@codemirror/state';
import type { KeyBinding } from '@codemirror/view';
import { ySyncAnnotation, yCollab, yUndoManagerKeymap } from 'y-codemirror.next';
import * as Y from 'yjs';

export interface TextBinding {
  /** Makes an editor show the text and write into it; the editor must begin with what the text holds. */
  readonly extension: Extension;
  /** Undo and redo of what was typed in this editor, and of nothing that others typed. */
  readonly keys: readonly KeyBinding[];
  destroy(): void;
}

/** Marks the editor's transactions that bring in what others wrote. */
export const receivedMark = ySyncAnnotation;

/** Ties one CodeMirror editor to a text that several people write. */
export function bindText(text: Y.Text): TextBinding {
  const undoManager = new Y.UndoManager(text);
  return {
    extension: yCollab(text, null, { undoManager }),
    keys: yUndoManagerKeymap,
    destroy: () => undoManager.destroy(),
  };
}
