import { expect, test } from 'vitest';
import { offeredToLegal, LEGAL, WORKFLOW } from '../../../../tests/support/board.ts';
import type { TeamId, UserId } from '#lib/workflow/ids.ts';
import { shiftOf, type Shift } from '#lib/workflow/shift.ts';
import type { TestBoard } from '../../../../tests/support/board.ts';
import { namesFrom } from './names.ts';
import { headLine, shiftLines, shiftSummary, shiftText, spanWords } from './shift.ts';

const now = new Date(2026, 10, 24, 12, 0).getTime();
const names = namesFrom({
  me: null,
  people: new Map([
    ['alice' as UserId, { name: 'Alice Ames' }],
    ['bob' as UserId, { name: 'Bob Bach' }],
  ]),
  teams: new Map([
    ['sales' as TeamId, { name: 'Sales' }],
    [LEGAL, { name: 'Legal' }],
  ]),
  workflow: WORKFLOW,
});

/** alice has offered to Legal, and bob has returned it, between 11:00 and noon. */
function returned(): { board: TestBoard; shift: Shift } {
  const board = offeredToLegal();
  board.nowMs = now - 60 * 60_000;
  board.tell('bob', 'returnHandoff', { reasonId: 'incomplete', note: 'Two pages\nare missing' });
  board.tell('alice', 'addComment');
  const shift = shiftOf({
    start: { ...board.ground, items: [], seq: 0 },
    entries: board.log,
    fromMs: 0,
    toMs: now,
    teamId: null,
    stalledFromMs: () => now - 60_000,
  });
  return { board, shift };
}

test('the items are counted once for each kind of change', () => {
  expect(shiftSummary(returned().shift)).toBe('1 arrived, 1 offered on, 1 returned and 1 stalled');
  expect(shiftSummary({ items: [], open: [] })).toBe('');
});

test('of several lines the one that says who has the item stands for all', () => {
  const { shift } = returned();
  const [told] = shift.items;
  if (!told) throw new Error('It was touched.');
  const lines = shiftLines(told, names, now);
  expect(lines.map(({ kind }) => kind)).toEqual([
    ...['created', 'owner', 'offered', 'returned', 'comment', 'stalled'],
  ]);
  expect(headLine(lines)?.kind).toBe('stalled');
  expect(headLine(lines.slice(0, -1))?.text).toBe('Bob Bach returned it: incomplete');
  expect(headLine(lines.slice(4, 5))?.kind).toBe('comment');
  expect(headLine([])).toBeNull();
});

test('a span is told by the clock of whoever reads it', () => {
  const evening = new Date(2026, 10, 23, 17, 0).getTime();
  expect(spanWords(evening, null, now)).toBe('since yesterday at 17:00');
  expect(spanWords(new Date(2026, 10, 3, 8, 0).getTime(), evening, now)).toBe(
    'from 3 Nov at 08:00 to yesterday at 17:00',
  );
});

test('as text it has every change with its reason, and whose move is next, a line each', () => {
  const { shift } = returned();
  const text = shiftText({
    ...{ board: 'Onboarding', who: 'Legal', shift, fromMs: now - 8 * 60 * 60_000, toMs: null, nowMs: now },
    ...{ stallOf: () => null, namesOf: () => names },
  });
  expect(text.split('\n')).toEqual([
    'Legal: what changed since 04:00',
    'Onboarding: 1 arrived, 1 offered on, 1 returned and 1 stalled',
    '',
    'ONB-1 Acme',
    expect.stringMatching(/^ {2}- .*: Alice Ames created it in draft, for Sales$/),
    expect.stringMatching(/^ {2}- .*: Alice Ames claimed it$/),
    expect.stringMatching(/^ {2}- .*: Alice Ames offered it to Legal, for review$/),
    '  - 11:00: Bob Bach returned it: incomplete: “Two pages are missing”',
    '  - 11:00: Alice Ames wrote: “Called them.”',
    '  - 11:59: It stalled',
    '',
    'Open now: 1 item',
    '- ONB-1 Acme: It came back to Sales. Alice Ames mends it and offers it again.',
    '',
  ]);
});

test('of a span that is over it says for how long something had stood then, and not until today', () => {
  const { shift } = returned();
  const stall = {
    sinceMs: now - 72 * 60 * 60_000,
    fromMs: now - 1,
    clock: 'repair',
    because: 'long',
  } as const;
  const text = shiftText({
    ...{
      board: 'Onboarding',
      who: 'Legal',
      shift,
      fromMs: now - 60 * 60_000,
      toMs: now,
      namesOf: () => names,
    },
    ...{ nowMs: now + 240 * 60 * 60_000 },
    stallOf: () => ({ ...stall, limitMs: null, usual: null, mustMove: LEGAL }),
  });
  expect(text).toContain('It has been back for 3 days.');
});
