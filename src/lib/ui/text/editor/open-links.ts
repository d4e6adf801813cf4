import { syntaxTree } from '@codemirror/language';
import { StateField, type EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, showTooltip, type Tooltip } from '@codemirror/view';
import { markdownWords } from '../../words/markdown.ts';
import { safeLink } from '../safe-link.ts';

interface LinkHere {
  readonly from: number;
  readonly href: string;
}

/**
 * A press on a link in a text that is being written sets the caret. Where the caret is in one, a small sign beside it
 * leads on; Ctrl+click and Alt+Enter open it as well.
 */
export const openLinks: Extension = [
  StateField.define<Tooltip | null>({
    create: signAt,
    update: (sign, transaction) =>
      transaction.docChanged || transaction.selection ? signAt(transaction.state) : sign,
    provide: (field) => showTooltip.from(field),
  }),
  keymap.of([{ key: 'Alt-Enter', run: ({ state }) => open(linkAt(state, state.selection.main.head)) }]),
  EditorView.domEventHandlers({
    mousedown(event, view) {
      if (event.button !== 0 || !(event.ctrlKey || event.metaKey)) return false;
      const at = view.posAtCoords(event);
      const isOpened = at !== null && open(linkAt(view.state, at));
      if (isOpened) event.preventDefault();
      return isOpened;
    },
  }),
];

function signAt(state: EditorState): Tooltip | null {
  const { main } = state.selection;
  const link = main.empty ? linkAt(state, main.head) : null;
  if (!link) return null;
  return { pos: link.from, create: () => ({ dom: signOf(link.href) }) };
}

function signOf(href: string): HTMLElement {
  const dom = document.createElement('div');
  const sign = document.createElement('a');
  sign.className = 'open-link';
  sign.href = href;
  sign.target = '_blank';
  sign.rel = 'noopener noreferrer nofollow';
  sign.textContent = markdownWords.openLink(href.replace(/^(https?:\/\/|mailto:)/, ''));
  dom.append(sign);
  return dom;
}

function linkAt(state: EditorState, at: number): LinkHere | null {
  for (const side of [-1, 1] as const) {
    for (let node = syntaxTree(state).resolveInner(at, side); ;) {
      const url = node.name === 'URL' ? node : node.name === 'Link' ? node.getChild('URL') : null;
      const href = url && safeLink(state.sliceDoc(url.from, url.to));
      if (href) return { from: node.from, href };
      if (!node.parent) break;
      node = node.parent;
    }
  }
  return null;
}

function open(link: LinkHere | null): boolean {
  if (link) window.open(link.href, '_blank', 'noopener,noreferrer');
  return link !== null;
}
