import { expect, test } from 'vitest';
import { refusedText } from './refused-text.ts';
import { alice, contractValue, namesFor, startDate } from './sample-board.ts';

const names = namesFor(alice);
const now = new Date(2026, 10, 23, 12, 0).getTime();

test('what was refused is told by the names of the fields, with the description and the list where they were changed', () => {
  const facts = { title: 'Northwind', [contractValue]: 12_000, [startDate]: null };
  expect(refusedText({ facts, description: null, checklist: null }, names, now)).toBe(
    'Title: Northwind\nContract value: 12,000\nStart date: (emptied)',
  );
  const checklist = [
    { label: 'Call them', isDone: true },
    { label: 'Ship it', isDone: false },
  ];
  expect(refusedText({ facts: {}, description: 'They sail.', checklist }, names, now)).toBe(
    'They sail.\n\n- [x] Call them\n- [ ] Ship it',
  );
});
