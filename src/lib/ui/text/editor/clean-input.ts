import { EditorState, type Extension, type TransactionSpec } from '@codemirror/state';
import { receivedMark } from '#lib/state/shared-editor.ts';
import { cleanText, isStorableText } from '#lib/workflow/text.ts';

/** Keeps out what nobody sees (W44), and what would make the text longer than the server takes. */
export function cleanInput(charsMax: number): Extension {
  return EditorState.transactionFilter.of((transaction) => {
    if (!transaction.docChanged || transaction.annotation(receivedMark) !== undefined) return transaction;
    const { startState, newDoc } = transaction;
    const hasRoom = newDoc.length <= charsMax || newDoc.length <= startState.doc.length;
    if (!hasRoom) return [];
    const changes: { from: number; to: number; insert: string }[] = [];
    let isClean = true;
    transaction.changes.iterChanges((...[from, to, , , inserted]) => {
      const text = inserted.toString();
      isClean &&= isStorableText(text);
      changes.push({ from, to, insert: cleanText(text) });
    });
    if (isClean) return transaction;
    const cleaned = startState.changes(changes);
    const spec: TransactionSpec = {
      changes: cleaned,
      selection: startState.selection.map(cleaned, 1),
      scrollIntoView: transaction.scrollIntoView,
    };
    return spec;
  });
}
