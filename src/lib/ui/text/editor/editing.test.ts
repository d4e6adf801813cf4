import { EditorSelection, EditorState, type TransactionSpec } from '@codemirror/state';
import type { Command, EditorView } from '@codemirror/view';
import { expect, test } from 'vitest';
import { receivedMark } from '#lib/state/shared-editor.ts';
import { cleanInput } from './clean-input.ts';
import { cycleHeading, markdownKeys, toggleList, toggleMark, toggleTaskAt } from './markdown-commands.ts';
import { markdownLanguage } from './markdown-language.ts';

const CHARS_MAX = 1_000;

/** What a command needs of an editor. `|` is the caret, or the ends of what is selected. */
function editorWith(marked: string) {
  const [anchor = 0, head = anchor] = [...marked.matchAll(/\|/g)].map(({ index }, before) => index - before);
  const view = {
    state: EditorState.create({
      doc: marked.replaceAll('|', ''),
      selection: EditorSelection.single(anchor, head),
      extensions: [markdownLanguage, cleanInput(CHARS_MAX), EditorState.lineSeparator.of('\n')],
    }),
    dispatch(spec: TransactionSpec) {
      view.state = view.state.update(spec).state;
    },
  };
  return view as unknown as EditorView;
}

function shown({ state }: EditorView): string {
  const { from, to } = state.selection.main;
  const text = state.doc.toString();
  return from === to
    ? `${text.slice(0, from)}|${text.slice(from)}`
    : `${text.slice(0, from)}|${text.slice(from, to)}|${text.slice(to)}`;
}

function after(marked: string, command: Command): string {
  const view = editorWith(marked);
  command(view);
  return shown(view);
}

const enter = markdownKeys.find(({ key }) => key === 'Enter')?.run ?? (() => false);

test('a mark goes around what is selected, and away again', () => {
  expect(after('They |sail| today', toggleMark('**'))).toBe('They **|sail|** today');
  expect(after('They **|sail|** today', toggleMark('**'))).toBe('They |sail| today');
  expect(after('They **|sail|** today', toggleMark('*'))).toBe('They ***|sail|*** today');
  expect(after('|', toggleMark('**'))).toBe('**|**');
});

test('Enter goes on with a list, counts, and ends it in an empty entry', () => {
  expect(after('- call|', enter)).toBe('- call\n- |');
  expect(after('  2) call|', enter)).toBe('  2) call\n  3) |');
  expect(after('- [x] call| now', enter)).toBe('- [x] call\n- [ ] | now');
  expect(after('> They said|', enter)).toBe('> They said\n> |');
  expect(after('- call\n- |', enter)).toBe('- call\n|');
  // Nothing of a list: the ordinary Enter takes it.
  for (const text of ['They sail|', '|- call', '```\n- no list|\n```'])
    expect(enter(editorWith(text))).toBe(false);
});

test('the bar makes headings and lists of the lines that are selected, and text of them again', () => {
  expect(after('Plan|', cycleHeading)).toBe('# Plan|');
  expect(after('### Plan|', cycleHeading)).toBe('Plan|');
  expect(after('|one\ntwo|', toggleList('- '))).toBe('- |one\n- two|');
  expect(after('- |one\n- two|', toggleList('- '))).toBe('|one\ntwo|');
  expect(after('- one|', toggleList('- [ ] '))).toBe('- [ ] one|');
  expect(after('- [x] one|', toggleList('- [ ] '))).toBe('one|');
});

test('a box is ticked and unticked by its line, and a line without one is left alone', () => {
  const view = editorWith('- [ ] call|');
  expect(toggleTaskAt(view, 8)).toBe(true);
  expect(shown(view)).toBe('- [x] call|');
  toggleTaskAt(view, 0);
  expect(shown(view)).toBe('- [ ] call|');
  expect(toggleTaskAt(editorWith('- call|'), 2)).toBe(false);
});

test('what nobody sees is cleaned when it is typed or pasted, line ends of other systems become ours', () => {
  const view = editorWith('|');
  view.dispatch({ changes: { from: 0, insert: 'safe\u202Etxt\r\nexe\u0000' } });
  expect(view.state.doc.toString()).toBe('safetxt\nexe');
});

test('what others wrote is taken as it is, because both ends must count the same places', () => {
  const view = editorWith('|');
  const annotations = receivedMark.of({} as never);
  view.dispatch({ changes: { from: 0, insert: 'a\r\nb\u202Ec' }, annotations });
  expect(view.state.doc.length).toBe('a\r\nb\u202Ec'.length);
});

test('a text does not grow past what the server takes, and can be shortened', () => {
  const view = editorWith('|');
  view.dispatch({ changes: { from: 0, insert: 'x'.repeat(CHARS_MAX + 1) } });
  expect(view.state.doc.length).toBe(0);
  view.dispatch({ changes: { from: 0, insert: 'x'.repeat(CHARS_MAX) } });
  expect(view.state.doc.length).toBe(CHARS_MAX);
  view.dispatch({ changes: { from: 0, to: 1 } });
  expect(view.state.doc.length).toBe(CHARS_MAX - 1);
});
