import { expect, test } from 'vitest';
import { parseMarkdown } from './markdown.ts';
import { safeLink } from './safe-link.ts';

const paragraph = (text: string) => ({ kind: 'paragraph', parts: [{ kind: 'text', text }] });

test('an old description of plain lines is one paragraph that keeps its lines, and HTML in it is text', () => {
  expect(parseMarkdown('They sail on Friday.\n<b onclick="x()">At noon</b> & later')).toEqual([
    paragraph('They sail on Friday.\n<b onclick="x()">At noon</b> & later'),
  ]);
});

test('headings, bold, italic, struck and code are what they look like in the editor', () => {
  expect(parseMarkdown('## What **they** want\n\nA *quick* ~~no~~ `yes`')).toEqual([
    {
      kind: 'heading',
      level: 2,
      parts: [
        { kind: 'text', text: 'What ' },
        { kind: 'strong', parts: [{ kind: 'text', text: 'they' }] },
        { kind: 'text', text: ' want' },
      ],
    },
    {
      kind: 'paragraph',
      parts: [
        { kind: 'text', text: 'A ' },
        { kind: 'emphasis', parts: [{ kind: 'text', text: 'quick' }] },
        { kind: 'text', text: ' ' },
        { kind: 'struck', parts: [{ kind: 'text', text: 'no' }] },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: 'yes' },
      ],
    },
  ]);
});

test('lists know their first number and which boxes are ticked', () => {
  expect(parseMarkdown('3. ask bob\n\n- [x] call\n- [ ] write\n- plain')).toEqual([
    { kind: 'list', start: 3, entries: [{ isTicked: null, blocks: [paragraph('ask bob')] }] },
    {
      kind: 'list',
      start: null,
      entries: [
        { isTicked: true, blocks: [paragraph('call')] },
        { isTicked: false, blocks: [paragraph('write')] },
        { isTicked: null, blocks: [paragraph('plain')] },
      ],
    },
  ]);
});

test('a link leads to http, https or mail; a script, a file or a path of this app stays text as it was written', () => {
  const [linked] = parseMarkdown('[the **plan**](https://example.org/a)');
  expect(linked).toMatchObject({
    parts: [{ kind: 'link', href: 'https://example.org/a', parts: [{ text: 'the ' }, { kind: 'strong' }] }],
  });
  const [bad] = parseMarkdown('[the plan](javascript:alert(1))');
  expect(JSON.stringify(bad)).not.toContain('"link"');
  expect(bad).toEqual(paragraph('[the plan](javascript:alert(1))'));
  for (const text of [
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,x',
    'file:///etc',
    '/sign-in',
  ])
    expect(safeLink(text), text).toBeNull();
  expect(safeLink('www.example.org')).toBe('https://www.example.org/');
  expect(safeLink('bob@example.org')).toBe('mailto:bob@example.org');
});

test('what turns text around is left out, and what is nested without end is shown as written', () => {
  expect(parseMarkdown('a\u202Eb')).toEqual([paragraph('ab')]);
  const deep = '> '.repeat(5_000) + 'far down';
  expect(JSON.stringify(parseMarkdown(deep))).toContain('far down');
});
