import { expect, test } from 'vitest';
import { movesWords } from './moves-page.ts';
import { moveAge, movesMark, movesSentence } from './moves.ts';
import { alice, itemWith } from './sample-board.ts';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const HOUR_MS = 60 * 60 * 1000;

test('the number of moves is a sentence and the front of a title', () => {
  expect([0, 1, 3].map(movesSentence)).toEqual([
    'Nothing waits for you',
    '1 move waits for you',
    '3 moves wait for you',
  ]);
  expect([movesMark(0), movesMark(3)]).toEqual(['', '(3) ']);
});

test('where nothing is one’s own, what the own teams could take is named', () => {
  expect([0, 1, 3].map(movesWords.nothingNow)).toEqual([
    'Nothing waits for you right now. This is what your teams have open.',
    'Nothing is yours to move right now. 1 item of your teams is unclaimed: you could take it.',
    'Nothing is yours to move right now. 3 items of your teams are unclaimed: you could take them.',
  ]);
});

test('an age says what has gone on for so long', () => {
  const heldSince = now - 27 * HOUR_MS;
  const waiting = { on: 'customer', what: 'a copy', since: now - HOUR_MS, until: null, by: alice } as const;
  expect(moveAge(itemWith({ heldSince, waiting }), now)).toEqual({
    short: 'waiting 1h',
    spoken: 'waiting for 1 hour',
  });
  expect(moveAge(itemWith({ heldSince }), now)).toEqual({
    short: 'here 1d 3h',
    spoken: 'here for 1 day 3 hours',
  });
});
