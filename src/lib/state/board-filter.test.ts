import { expect, test } from 'vitest';
import type { TeamId, UserId, WorkflowId } from '#lib/workflow/ids.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import type { Handoff, Item, Member, Return, Waiting } from '#lib/workflow/state.ts';
import {
  countActive,
  filterFromQuery,
  filterToQuery,
  fitsFilter,
  hasWords,
  isFiltering,
  marksOf,
  NO_FILTER,
  NOBODY,
  type BoardFilter,
} from './board-filter.ts';

const HOUR_MS = 3_600_000;
const [sales, legal, alice, bob] = ['sales', 'legal', 'alice', 'bob'] as [TeamId, TeamId, UserId, UserId];
const onboarding = 'onboarding' as WorkflowId;
const stall = { fromMs: HOUR_MS } as Stall;
const aliceOfSales: Member = { userId: alice, isAdmin: false, roles: { [sales]: 'member' } };

/** The parts of an item that a filter reads. */
function itemWith(parts: Partial<Item>): Item {
  return {
    ...{ key: 'ONB-12', facts: { title: 'Café Müller', contractValue: 48_000 }, workflowId: onboarding },
    ...{ stepId: 'draft', holderTeamId: sales, ownerId: null, handoff: null, waiting: null },
    ...{ returned: null, closed: null, createdAt: 0, heldSince: 0 },
    ...parts,
  } as unknown as Item;
}
const offered = (fromTeamId: TeamId, toTeamId: TeamId) =>
  ({ fromTeamId, toTeamId, offeredAt: 0, route: { kind: 'detour' } }) as unknown as Handoff;
const marks = (parts: Partial<Item>, member: Member | undefined = aliceOfSales, nowMs = 0) => [
  ...marksOf(itemWith(parts), stall, member, nowMs),
];
const fits = (filter: Partial<BoardFilter>, parts: Partial<Item> = {}) =>
  fitsFilter({ ...NO_FILTER, ...filter }, itemWith(parts), new Set(marks(parts)));

test.each<[string, Partial<Item>, string[]]>([
  ['held by her team', {}, ['team']],
  ['owned by her', { ownerId: alice }, ['team', 'mine']],
  ['held by Legal', { holderTeamId: legal, ownerId: bob }, []],
  ['offered to her team', { holderTeamId: legal, handoff: offered(legal, sales) }, ['team', 'offered']],
  ['offered by her team, and not taken', { handoff: offered(sales, legal) }, ['team', 'waiting']],
  ['waiting', { waiting: { on: { kind: 'customer' }, since: 0 } as unknown as Waiting }, ['team', 'waiting']],
  ['returned', { returned: {} as Return }, ['team', 'returned']],
])('for alice of Sales an item that is %s fits these marks', (_, parts, expected) => {
  expect(marks(parts)).toEqual(expected);
});

test('stalled is what has come to that moment, and an admin sees everything but has no team', () => {
  expect(marks({}, aliceOfSales, HOUR_MS)).toEqual(['team']);
  expect(marks({}, aliceOfSales, HOUR_MS + 1)).toEqual(['team', 'stalled']);
  expect(marks({}, { userId: bob, isAdmin: true, roles: {} })).toEqual([]);
  expect(marksOf(itemWith({}), null, undefined, 0).size).toBe(0);
});

test('every mark, one of the people, the workflow and all words have to fit', () => {
  expect(fits({ marks: ['team', 'mine'] })).toBe(false);
  expect(fits({ marks: ['team', 'mine'] }, { ownerId: alice })).toBe(true);
  expect(fits({ people: [alice, bob] }, { ownerId: bob })).toBe(true);
  expect(fits({ people: [NOBODY] })).toBe(true);
  expect(fits({ people: [alice] })).toBe(false);
  expect(fits({ workflowId: 'another' as WorkflowId })).toBe(false);
  expect(fits({ workflowId: onboarding, text: 'cafe', people: [NOBODY], marks: ['team'] })).toBe(true);
  expect(fits({ text: 'tea', marks: ['team'] })).toBe(false);
});

test.each(['', '  ', 'onb-12', 'cafe MULLER', 'müll', '48000 café', 'Café'])(
  'the words %j are found',
  (text) => {
    expect(hasWords(itemWith({}), text)).toBe(true);
  },
);

test('a word that stands nowhere is not found, and the name of a field is not a word', () => {
  expect(hasWords(itemWith({}), 'café 49000')).toBe(false);
  expect(hasWords(itemWith({}), 'contractValue')).toBe(false);
});

test('an address gives back the filter it was made of', () => {
  const filter: BoardFilter = {
    text: 'a & b=c',
    marks: ['mine', 'stalled'],
    people: [alice, NOBODY],
    workflowId: onboarding,
  };
  const query = filterToQuery(filter);
  expect(query).toBe('q=a+%26+b%3Dc&show=mine,stalled&person=alice,nobody&workflow=onboarding');
  expect(filterFromQuery(new URLSearchParams(query))).toEqual(filter);
  expect(countActive(filter)).toBe(5);
  expect(filterToQuery(NO_FILTER)).toBe('');
});

test('an address of another version is read as far as it is understood', () => {
  const filter = filterFromQuery(
    new URLSearchParams('show=stalled,unheard,,stalled&person=,&workflow=&q=%20'),
  );
  expect(filter).toEqual({ text: ' ', marks: ['stalled'], people: [], workflowId: null });
  expect(isFiltering({ ...filter, marks: [] })).toBe(false);
  expect(filterFromQuery(new URLSearchParams(`q=${'x'.repeat(5_000)}`)).text).toHaveLength(200);
});
