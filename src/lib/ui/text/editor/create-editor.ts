import { standardKeymap } from '@codemirror/commands';
import { EditorState, type Extension } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  highlightSpecialChars,
  keymap,
  placeholder,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import { bindText } from '#lib/state/shared-editor.ts';
import type { ItemPageSource } from '#lib/state/item.svelte.ts';
import { DESCRIPTION_CHARS_MAX } from '#lib/protocol/limits.ts';
import { safeLink } from '../safe-link.ts';
import { cleanInput } from './clean-input.ts';
import { editorLook } from './editor-look.ts';
import { liveMarks } from './live-marks.ts';
import { cycleHeading, insertLink, markdownKeys, toggleList, toggleMark } from './markdown-commands.ts';
import { markdownLanguage } from './markdown-language.ts';
import { openLinks } from './open-links.ts';
import { remoteCarets, type Carets } from './remote-carets.ts';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: ItemPageSource['description'];
  readonly carets: Carets;
  /** The colour of somebody's team; null: of none. */
  readonly colorOf: Parameters<typeof remoteCarets>[1];
  readonly label: string;
  readonly placeholder: string;
  /** Of what says how it is written. */
  readonly describedBy: string;
}

/** What the bar above the text does. */
export const FORMATS = {
  heading: cycleHeading,
  bold: toggleMark('**'),
  italic: toggleMark('*'),
  list: toggleList('- '),
  task: toggleList('- [ ] '),
  code: toggleMark('`'),
  link: insertLink,
} as const;
export type Format = keyof typeof FORMATS;

export interface Editor {
  readonly selection: { readonly anchor: number; readonly head: number };
  readonly hasFocus: boolean;
  /** As far as the text reaches. */
  select(selection: { readonly anchor: number; readonly head: number }): void;
  format(format: Format): void;
  destroy(): void;
}

/** A text that several people write at once, as Markdown that shows what it means. */
export function createEditor(options: EditorOptions): Editor {
  const binding = bindText(options.text);
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text.toJSON(),
      extensions: [
        // A return that some other program has left in it is a character of its own, or all places after it would be wrong.
        EditorState.lineSeparator.of('\n'),
        // First the text, then what is drawn into it: a caret is placed by what the text holds.
        binding.extension,
        remoteCarets(options.carets, options.colorOf),
        keymap.of([...markdownKeys, ...binding.keys, ...standardKeymap]),
        cleanInput(DESCRIPTION_CHARS_MAX),
        markdownLanguage,
        liveMarks,
        openLinks,
        pastedLinks,
        directionOfLines,
        highlightSpecialChars(),
        placeholder(options.placeholder),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          'aria-describedby': options.describedBy,
          dir: 'auto',
          spellcheck: 'true',
          autocorrect: 'on',
          autocapitalize: 'sentences',
        }),
        editorLook,
      ],
    }),
  });
  return {
    get selection() {
      const { anchor, head } = view.state.selection.main;
      return { anchor, head };
    },
    get hasFocus() {
      return view.hasFocus;
    },
    select({ anchor, head }) {
      const end = view.state.doc.length;
      view.focus();
      view.dispatch({ selection: { anchor: Math.min(anchor, end), head: Math.min(head, end) } });
    },
    format(format) {
      FORMATS[format](view);
      view.focus();
    },
    destroy() {
      view.destroy();
      binding.destroy();
    },
  };
}

/** An address that is pasted over words makes a link of them. */
const pastedLinks: Extension = EditorView.domEventHandlers({
  paste(event, view) {
    const { main } = view.state.selection;
    const address = event.clipboardData?.getData('text/plain').trim() ?? '';
    const words = view.state.sliceDoc(main.from, main.to);
    const isLink = /^https?:\/\/\S+$/.test(address) && safeLink(address) !== null;
    if (!isLink || words === '' || /[[\]\n]/.test(words)) return false;
    const insert = `[${words}](${address.replaceAll('(', '%28').replaceAll(')', '%29')})`;
    event.preventDefault();
    view.dispatch({
      changes: { from: main.from, to: main.to, insert },
      selection: { anchor: main.from + insert.length },
      userEvent: 'input.paste',
    });
    return true;
  },
});

/** Each line reads in the direction of its own first letter. */
const directionOfLines: Extension = [
  EditorView.perLineTextDirection.of(true),
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = linesOf(view);
      }

      update(update: ViewUpdate): void {
        if (update.docChanged || update.viewportChanged) this.decorations = linesOf(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  ),
];

const AUTO = Decoration.line({ attributes: { dir: 'auto' } });

function linesOf(view: EditorView): DecorationSet {
  const { doc } = view.state;
  const { from, to } = view.viewport;
  const lines = [];
  for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
    lines.push(AUTO.range(line.from));
    if (line.to >= to) return Decoration.set(lines);
  }
}
