import { syntaxTree } from '@codemirror/language';
import type { EditorState, Range } from '@codemirror/state';
import {
  Decoration,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view';
import type { SyntaxNodeRef } from '@lezer/common';
import { safeLink } from '../safe-link.ts';
import { Bullet, TaskBox } from './live-widgets.ts';

const STYLED: Readonly<Record<string, string>> = {
  StrongEmphasis: 'md-strong',
  Emphasis: 'md-emphasis',
  Strikethrough: 'md-struck',
  InlineCode: 'md-code',
};
const LINES: Readonly<Record<string, string>> = {
  FencedCode: 'md-fence',
  Blockquote: 'md-quote',
  HorizontalRule: 'md-rule',
};
const HIDDEN = Decoration.replace({});
const MARK = Decoration.mark({ class: 'md-mark' });
const LINK = Decoration.mark({ class: 'md-link' });

/**
 * Shows Markdown as what it means, in place. The marks themselves come into sight where the caret is, because what
 * cannot be seen cannot be edited; the text is never anything but what stands there.
 */
export const liveMarks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    #isStale = false;

    constructor(view: EditorView) {
      this.decorations = marksOf(view);
    }

    update(update: ViewUpdate): void {
      const isNews =
        update.docChanged ||
        update.viewportChanged ||
        update.selectionSet ||
        update.focusChanged ||
        syntaxTree(update.startState) !== syntaxTree(update.state);
      this.#isStale ||= isNews;
      if (!this.#isStale) return;
      // What an input method is composing must not be drawn anew under its hands.
      if (update.view.composing) {
        this.decorations = this.decorations.map(update.changes);
        return;
      }
      this.#isStale = false;
      this.decorations = marksOf(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function marksOf(view: EditorView): DecorationSet {
  const { state } = view;
  const found: Range<Decoration>[] = [];
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(state).iterate({ from, to, enter: (node) => mark(view, node, found) });
  }
  return Decoration.set(found, true);
}

function mark(view: EditorView, node: SyntaxNodeRef, found: Range<Decoration>[]): void {
  const { state } = view;
  const { name, from, to } = node;
  const level = /^ATXHeading(\d)$/.exec(name)?.[1];
  if (level !== undefined) addLines(view, node, `md-heading md-heading-${Math.min(3, Number(level))}`, found);
  const lineClass = LINES[name];
  if (lineClass !== undefined) addLines(view, node, lineClass, found);
  const style = STYLED[name];
  if (style !== undefined) found.push(Decoration.mark({ class: style }).range(from, to));

  if (name === 'HeaderMark') {
    const after = state.sliceDoc(to, to + 1) === ' ' ? to + 1 : to;
    hide(view, { from, to: after, shownIn: state.doc.lineAt(from) }, found);
  } else if (name === 'EmphasisMark' || name === 'StrikethroughMark') {
    hide(view, { from, to, shownIn: parentOf(node) }, found);
  } else if (name === 'CodeMark') {
    if (node.node.parent?.name === 'InlineCode') hide(view, { from, to, shownIn: parentOf(node) }, found);
    else found.push(MARK.range(from, to));
  } else if (name === 'QuoteMark') {
    hide(view, { from, to, shownIn: state.doc.lineAt(from) }, found);
  } else if (name === 'HorizontalRule') {
    hide(view, { from, to, shownIn: { from, to } }, found);
  } else if (name === 'ListMark') markList(view, node, found);
  else if (name === 'Link') markLink(view, node, found);
  else if (name === 'URL' && !/^(Link|Autolink)$/.test(node.node.parent?.name ?? '')) {
    if (safeLink(state.sliceDoc(from, to)) !== null) found.push(LINK.range(from, to));
  }
}

function markList(view: EditorView, node: SyntaxNodeRef, found: Range<Decoration>[]): void {
  const { state } = view;
  const { from, to } = node;
  const entry = node.node.parent;
  const box = entry?.getChild('Task')?.getChild('TaskMarker');
  if (box && box.to - to < 8 && !isTouched(view, { from, to: box.to })) {
    const isTicked = /x/i.test(state.sliceDoc(box.from, box.to));
    const label = state.sliceDoc(box.to, state.doc.lineAt(box.to).to).trim();
    const widget = new TaskBox(isTicked, label, state.readOnly);
    // With the space after it: the box has one of its own.
    const start = state.sliceDoc(box.to, box.to + 1) === ' ' ? box.to + 1 : box.to;
    const end = state.doc.lineAt(box.to).to;
    found.push(Decoration.replace({ widget }).range(from, start));
    if (isTicked && end > start) found.push(Decoration.mark({ class: 'md-done' }).range(start, end));
    return;
  }
  const isBullet = entry?.parent?.name === 'BulletList' && !box;
  if (isBullet && !isTouched(view, { from, to })) {
    found.push(Decoration.replace({ widget: new Bullet() }).range(from, to));
  } else found.push(MARK.range(from, to));
}

function markLink(view: EditorView, node: SyntaxNodeRef, found: Range<Decoration>[]): void {
  const { state } = view;
  const url = node.node.getChild('URL');
  // What leads nowhere is shown as it is written.
  if (!url || safeLink(state.sliceDoc(url.from, url.to)) === null) return;
  const [open, close] = node.node.getChildren('LinkMark');
  if (!open || !close || close.from <= open.to) return;
  found.push(LINK.range(open.to, close.from));
  for (const part of [open, { from: close.from, to: node.to }])
    hide(view, { from: part.from, to: part.to, shownIn: node }, found);
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

function hide(
  view: EditorView,
  { from, to, shownIn }: Stretch & { readonly shownIn: Stretch },
  found: Range<Decoration>[],
): void {
  if (isTouched(view, shownIn)) found.push(MARK.range(from, to));
  // A view may not take away ends of lines.
  else if (isOneLine(view.state, { from, to })) found.push(HIDDEN.range(from, to));
}

function addLines(view: EditorView, node: Stretch, lineClass: string, found: Range<Decoration>[]): void {
  const { doc } = view.state;
  const { from, to } = view.viewport;
  const end = Math.min(node.to, to);
  for (let line = doc.lineAt(Math.max(node.from, from)); ; line = doc.line(line.number + 1)) {
    found.push(Decoration.line({ class: lineClass }).range(line.from));
    if (line.to >= end || line.number === doc.lines) return;
  }
}

function isTouched(view: EditorView, { from, to }: Stretch): boolean {
  return view.hasFocus && view.state.selection.ranges.some((range) => range.from <= to && range.to >= from);
}

function isOneLine(state: EditorState, { from, to }: Stretch): boolean {
  return state.doc.lineAt(from).to >= to;
}

function parentOf(node: SyntaxNodeRef): Stretch {
  return node.node.parent ?? node;
}
