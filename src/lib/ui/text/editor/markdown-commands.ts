import { syntaxTree } from '@codemirror/language';
import { EditorSelection, type ChangeSpec, type Line, type EditorState } from '@codemirror/state';
import type { Command, EditorView, KeyBinding } from '@codemirror/view';
import { indentLess, indentMore } from '@codemirror/commands';

const TASK = /^(\s*(?:[-*+]|\d{1,9}[.)])\s+)\[([ xX])\]/;
const BULLET = /^(\s*)([-*+])\s+(?:\[[ xX]\]\s+)?/;
const PREFIX =
  /^(\s*)(?:(?<bullet>[-*+])|(?<number>\d{1,9})(?<stop>[.)])|(?<quote>>))(?<space> +)(?<box>\[[ xX]\] +)?/;
const HEADING = /^(#{1,6})\s+/;
/** Deeper ones look like text. */
const HEADING_LEVELS = 3;

export const markdownKeys: readonly KeyBinding[] = [
  { key: 'Enter', run: continueList },
  { key: 'Mod-b', run: toggleMark('**') },
  { key: 'Mod-i', run: toggleMark('*') },
  { key: 'Mod-e', run: toggleMark('`') },
  { key: 'Mod-Enter', run: (view) => toggleTaskAt(view, view.state.selection.main.head) },
  { key: 'Mod-]', run: indentMore },
  { key: 'Mod-[', run: indentLess },
];

/** Puts the mark around what is selected, or takes it away. */
export function toggleMark(mark: string): Command {
  return (view) => {
    const { state } = view;
    if (state.readOnly) return false;
    const { length } = mark;
    const change = state.changeByRange(({ from, to }) => {
      const isAround =
        state.sliceDoc(from - length, from) === mark &&
        state.sliceDoc(to, to + length) === mark &&
        // `**` around is not `*` around.
        (length > 1 ||
          (state.sliceDoc(from - 2, from - 1) !== mark && state.sliceDoc(to + 1, to + 2) !== mark));
      if (isAround) {
        const changes = [
          { from: from - length, to: from },
          { from: to, to: to + length },
        ];
        return { changes, range: EditorSelection.range(from - length, to - length) };
      }
      const changes = [
        { from, insert: mark },
        { from: to, insert: mark },
      ];
      return { changes, range: EditorSelection.range(from + length, to + length) };
    });
    view.dispatch(state.update(change, { userEvent: 'input', scrollIntoView: true }));
    return true;
  };
}

/** Makes a link of what is selected, with the address to be typed next. */
export const insertLink: Command = (view) => {
  const { state } = view;
  const { from, to } = state.selection.main;
  const label = state.sliceDoc(from, to) || 'link';
  const insert = `[${label}](https://)`;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length - 1 },
    userEvent: 'input',
  });
  return true;
};

/** From text to a heading, to smaller ones, and back to text. */
export const cycleHeading: Command = (view) =>
  changeLines(view, (line) => {
    const mark = HEADING.exec(line.text);
    const level = mark?.[1]?.length ?? 0;
    const insert = level >= HEADING_LEVELS ? '' : `${'#'.repeat(level + 1)} `;
    return { from: line.from, to: line.from + (mark?.[0].length ?? 0), insert };
  });

/** `- ` or `- [ ] ` before each line that is selected, or away. */
export function toggleList(prefix: '- ' | '- [ ] '): Command {
  return (view) => {
    const all = linesOf(view.state);
    const isOn = all.every(({ text }) => BULLET.test(text) && TASK.test(text) === (prefix !== '- '));
    return changeLines(view, (line) => {
      const known = BULLET.exec(line.text);
      const indent = known?.[1]?.length ?? 0;
      const to = line.from + (known?.[0].length ?? 0);
      return { from: line.from + indent, to, insert: isOn ? '' : prefix };
    });
  };
}

/** Ticks the box of the line at this place, or unticks it. False: there is none. */
export function toggleTaskAt(view: EditorView, at: number): boolean {
  const line = view.state.doc.lineAt(at);
  const task = TASK.exec(line.text);
  if (!task || view.state.readOnly) return false;
  const from = line.from + (task[1]?.length ?? 0) + 1;
  view.dispatch({
    changes: { from, to: from + 1, insert: task[2] === ' ' ? 'x' : ' ' },
    userEvent: 'input',
  });
  return true;
}

/** A new line in a list goes on with it; in an empty entry it ends it. */
function continueList(view: EditorView): boolean {
  const { state } = view;
  const { main } = state.selection;
  const line = state.doc.lineAt(main.head);
  const prefix = PREFIX.exec(line.text);
  const isOurs = state.selection.ranges.length === 1 && !state.readOnly && prefix !== null;
  if (!isOurs || main.from < line.from + prefix[0].length || isCode(state, main.head)) return false;
  if (line.text.trim() === prefix[0].trim() && main.empty) {
    view.dispatch({ changes: { from: line.from, to: line.to }, userEvent: 'delete' });
    return true;
  }
  const insert = `\n${nextPrefix(prefix)}`;
  view.dispatch({
    changes: { from: main.from, to: main.to, insert },
    selection: { anchor: main.from + insert.length },
    userEvent: 'input',
    scrollIntoView: true,
  });
  return true;
}

function nextPrefix([, indent = '', ...rest]: RegExpExecArray): string {
  const [bullet, number, stop, quote, space = ' ', box] = rest;
  const mark = number === undefined ? (bullet ?? quote ?? '') : `${Number(number) + 1}${stop ?? '.'}`;
  return `${indent}${mark}${space}${box === undefined ? '' : '[ ] '}`;
}

function isCode(state: EditorState, at: number): boolean {
  for (let node = syntaxTree(state).resolveInner(at, -1).node; ;) {
    if (node.name === 'FencedCode') return true;
    if (!node.parent) return false;
    node = node.parent;
  }
}

function linesOf(state: EditorState): Line[] {
  const { from, to } = state.selection.main;
  const lines: Line[] = [];
  for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
    lines.push(line);
    if (line.to >= to) return lines;
  }
}

function changeLines(view: EditorView, changeOf: (line: Line) => ChangeSpec): boolean {
  if (view.state.readOnly) return false;
  const changes = view.state.changes(linesOf(view.state).map(changeOf));
  const selection = view.state.selection.map(changes, 1);
  view.dispatch({ changes, selection, userEvent: 'input', scrollIntoView: true });
  return true;
}
