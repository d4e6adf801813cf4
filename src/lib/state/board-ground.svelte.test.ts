import { expect, test } from 'vitest';
import type { TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Role, Team } from '#lib/workflow/state.ts';
import { BoardGround } from './board-ground.svelte.ts';

const [alice, bob, erin, gone] = ['alice', 'bob', 'erin', 'gone'] as [UserId, UserId, UserId, UserId];

function team(name: string, color: string, position: number): [TeamId, Team] {
  const id = name as TeamId;
  return [id, { id, name, color, position, itemLimit: null }];
}

function person(id: UserId, roles: Record<string, Role>) {
  return [id, { id, name: id, isAdmin: false, roles }] as const;
}

test('a person has the colour of the team, of several that of the first on the board, and else none', () => {
  const ground = new BoardGround(alice);
  ground.teams = new Map([team('legal', 'magenta', 1), team('sales', 'blue', 0)]);
  ground.people = new Map([
    person(alice, { legal: 'member' }),
    person(bob, { legal: 'lead', sales: 'viewer' }),
    person(erin, {}),
  ]);
  const colors = [alice, bob, erin, gone, null].map((id) => ground.colorOf(id));
  expect(colors).toEqual(['magenta', 'blue', undefined, undefined, undefined]);
});
