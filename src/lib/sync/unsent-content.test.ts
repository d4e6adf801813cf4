import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { Checklist } from './checklist.ts';
import { unsentContent } from './unsent-content.ts';

/** A document with something in it, and what the server knows of it. */
function written(): { doc: Y.Doc; known: Y.Snapshot } {
  const doc = new Y.Doc({ gc: false });
  doc.getMap('facts').set('title', 'Northwind');
  doc.getMap('facts').set('amount', 12);
  doc.getText('description').insert(0, 'They sail on Friday.');
  new Checklist(doc).add('Call them');
  return { doc, known: Y.snapshot(doc) };
}

test('only what differs from what the server has counts, and what was emptied too', () => {
  const { doc, known } = written();
  doc.getMap('facts').set('companyName', 'Harbour');
  doc.getMap('facts').delete('amount');
  expect(unsentContent(doc, known)).toEqual({
    facts: { companyName: 'Harbour', amount: null },
    description: null,
    checklist: null,
  });
});

test('a text and a list that were changed are told as a whole, and reading them changes nothing', () => {
  const { doc, known } = written();
  doc.getText('description').insert(0, 'Alice: ');
  const checklist = new Checklist(doc);
  checklist.setDone(checklist.entries()[0]?.id ?? '', true);
  const before = Y.snapshot(doc);
  expect(unsentContent(doc, known)).toMatchObject({
    facts: {},
    description: 'Alice: They sail on Friday.',
    checklist: [{ label: 'Call them', isDone: true }],
  });
  expect(Y.equalSnapshots(Y.snapshot(doc), before)).toBe(true);
});

test('where nobody knows what the server has, all of it counts', () => {
  expect(unsentContent(written().doc, null)).toMatchObject({
    facts: { title: 'Northwind', amount: 12 },
    description: 'They sail on Friday.',
    checklist: [{ label: 'Call them', isDone: false }],
  });
});
