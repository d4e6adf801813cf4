import { expect, test } from 'vitest';
import { DEMO_PEOPLE } from './people.ts';
import { nextAct } from './next-act.ts';
import { Chance } from './chance.ts';
import { Seeded } from '../../tests/convergence/seeded.ts';
import { MEMBERS, offeredToLegal, TestBoard } from '../../tests/support/board.ts';
import type { Item } from '#lib/workflow/state.ts';

const NAMES = MEMBERS.map(({ userId }) => userId).filter((name) => name !== 'vera' && name !== 'ada');
const SECONDS_BETWEEN = 3;

/** So many acts of everybody, one after the other, on a board of the tests. */
function play(seed: number, acts: number) {
  const random = new Seeded(seed);
  const chance = new Chance(() => random.next());
  const board = new TestBoard({ limits: { legal: 4 } });
  const asked = new Map<string, number>();
  const refused = new Map<string, number>();
  for (let act = 0; act < acts; act += 1) {
    board.nowMs += SECONDS_BETWEEN * 1_000;
    const userId = chance.pick(NAMES);
    const person = chance.pick(DEMO_PEOPLE);
    const items = itemsOf(board);
    const { state, nowMs } = board;
    const command = nextAct({ state, items, person, userId, chance, nowMs, newId: () => random.id() });
    if (command === null) continue;
    asked.set(command.type, (asked.get(command.type) ?? 0) + 1);
    const decision = board.submit(userId as Parameters<TestBoard['submit']>[0], command);
    if (!decision.ok) refused.set(decision.refusal.code, (refused.get(decision.refusal.code) ?? 0) + 1);
  }
  return { items: itemsOf(board), asked, refused };
}

function itemsOf(board: TestBoard): Item[] {
  const ids = new Set(
    board.log.flatMap(({ events }) => events.flatMap((event) => ('itemId' in event ? event.itemId : []))),
  );
  return [...ids].flatMap((id) => board.state.items.get(id) ?? []);
}

test('the simulated people keep a board alive: they finish work, and use every command they know', () => {
  const { items, asked } = play(7, 6_000);
  expect(items.filter(({ closed }) => closed?.kind === 'completed').length).toBeGreaterThan(20);
  expect(items.filter(({ closed }) => closed === null).length).toBeLessThanOrEqual(30);
  expect([...asked.keys()].sort()).toEqual([
    'acceptHandoff',
    'addComment',
    'claimItem',
    'completeItem',
    'createItem',
    'nudgeItem',
    'offerHandoff',
    'resumeWork',
    'returnHandoff',
    'sendBack',
    'startWaiting',
  ]);
});

test('what has lain for days they have forgotten, until a visitor nudges', () => {
  const board = offeredToLegal();
  const bob = MEMBERS.find(({ userId }) => userId === 'bob');
  const [person] = DEMO_PEOPLE;
  if (!bob || !person) throw new Error('There are people.');
  board.nowMs += 40 * 60 * 60 * 1_000;
  const random = new Seeded(7);
  const chance = new Chance(() => random.next());
  const next = () => {
    const { state, nowMs } = board;
    const newId = () => random.id();
    return nextAct({ state, items: [board.item()], person, userId: bob.userId, chance, nowMs, newId });
  };
  for (let times = 0; times < 50; times += 1) expect(next()?.type).not.toBe('acceptHandoff');
  board.tell('alice', 'nudgeItem');
  const types = Array.from({ length: 50 }, () => next()?.type);
  expect(types).toContain('acceptHandoff');
});

test('their mistakes are honest ones: something forgotten, a full lane, and hardly anything else', () => {
  const { asked, refused } = play(11, 6_000);
  const total = [...asked.values()].reduce((sum, count) => sum + count, 0);
  expect(refused.get('gateIncomplete')).toBeGreaterThan(0);
  const known = new Set(['gateIncomplete', 'laneFull', 'bounceNeedsLead']);
  expect([...refused.keys()].filter((code) => !known.has(code))).toEqual([]);
  const refusals = [...refused.values()].reduce((sum, count) => sum + count, 0);
  expect(refusals / total).toBeLessThan(0.25);
});
