import { expect, test } from 'vitest';
import type { PersonalMove } from '#lib/state/move-groups.ts';
import { lateSentence, moveAge, movesMark, movesSentence } from './moves.ts';
import { alice, itemWith } from './sample-board.ts';

const now = new Date(2026, 10, 23, 12, 0).getTime();
const HOUR_MS = 60 * 60 * 1000;
const move: PersonalMove = {
  group: 'late',
  since: now,
  lateSince: now - HOUR_MS,
  isDue: false,
  isOwnTurn: true,
};

test('the number of moves is a sentence and the front of a title', () => {
  expect([0, 1, 3].map(movesSentence)).toEqual([
    'Nothing waits for you',
    '1 move waits for you',
    '3 moves wait for you',
  ]);
  expect([movesMark(0), movesMark(3)]).toEqual(['', '(3) ']);
});

test('a late item says since when, and a wait that its day is over', () => {
  expect(lateSentence(itemWith({}), move, now)).toBe('It went past its limit at 11:00.');
  const waiting = { on: 'date', what: '', since: now, until: '2026-11-20', by: alice } as const;
  expect(lateSentence(itemWith({ waiting }), move, now)).toBe('The day it waited for, 20 Nov, is over.');
  expect(lateSentence(itemWith({}), { ...move, lateSince: null }, now)).toBe('');
});

test('an age says what has gone on for so long', () => {
  expect(moveAge(itemWith({}), now - 27 * HOUR_MS, now)).toEqual({
    short: 'here 1d 3h',
    spoken: 'here for 1 day 3 hours',
  });
});
