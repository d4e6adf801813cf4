import { afterEach, expect, test, vi } from 'vitest';
import type { SearchAnswer } from '#lib/protocol/api.ts';
import type { Command } from '#lib/workflow/commands.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { BoardId, CommandId, ItemId, StepId, TeamId, UserId, WorkflowId } from '#lib/workflow/ids.ts';
import { ok, refused } from '#lib/workflow/result.ts';
import { BoardInMemory, ItemInMemory } from './board-in-memory.testing.ts';
import { BoardSearch } from './board-search.svelte.ts';
import { BoardScreen } from './board.svelte.ts';
import { clearSavedViews, SavedViews, VIEWS_MAX } from './saved-views.svelte.ts';

const SALES = 'sales' as TeamId;
const WORKFLOW: WorkflowVersion = {
  id: 'onboarding' as WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: 'draft' as StepId,
  steps: [{ id: 'draft' as StepId, name: 'Draft', teamId: SALES, isFinal: true, workLimitMs: null }],
  seams: [],
  fields: [],
};
const [alice, bob] = ['alice', 'bob'] as [UserId, UserId];

function openAsAlice() {
  const source = new BoardInMemory({
    teams: [{ id: SALES, name: 'Sales', color: 'blue', position: 0, itemLimit: 2 }],
    workflows: [WORKFLOW],
    people: [
      { id: alice, name: 'Alice', roles: { sales: 'lead' } },
      { id: bob, name: 'Bob', roles: { sales: 'member' } },
    ],
    userId: alice,
    nowMs: Date.UTC(2026, 10, 23, 9),
  });
  const openItem = () => Promise.resolve(new ItemInMemory());
  const board = new BoardScreen({ source, userId: alice, openItem });
  let count = 0;
  const act = (itemId: string, by: UserId, more: Record<string, unknown>): void => {
    count += 1;
    const seq = source.state.items.get(itemId as ItemId)?.responsibility.seq ?? 0;
    const command = { id: `command-${count}` as CommandId, itemId, basis: { seq }, ...more };
    source.decide(command as unknown as Command, by);
  };
  for (const [id, title] of Object.entries({ one: 'Café Roux', two: 'Brightwater' })) {
    const what = { workflowId: WORKFLOW.id, workflowVersion: 1, facts: { title }, order: `a${count}` };
    act(id, alice, { type: 'createItem', ...what });
  }
  return { source, board, act };
}

const shown = ({ cards }: BoardScreen) =>
  [...cards.byId.values()].filter((one) => one.isShown).map(({ id }) => id);

afterEach(() => {
  vi.useRealTimers();
});

test('alice sees what fits, and the lane still counts all it holds', () => {
  const { board, act } = openAsAlice();
  act('one', alice, { type: 'claimItem' });
  board.filters.toggle('mine');
  expect(shown(board)).toEqual(['one']);
  expect(board.filters.counts).toMatchObject({ all: 2, shown: 1, byMark: { mine: 1, team: 2, stalled: 0 } });
  const lane = board.cards.lane(SALES);
  expect([lane?.heldCount, lane?.isFull, lane?.columns.working.cards.length]).toEqual([2, true, 2]);
  board.filters.toggle('mine');
  expect(shown(board)).toEqual(['one', 'two']);
});

test('what bob changes comes and goes with the filter, and one person is shown or all', () => {
  const { board, act } = openAsAlice();
  board.filters.showPerson(bob);
  expect(shown(board)).toEqual([]);
  act('two', bob, { type: 'claimItem' });
  expect(shown(board)).toEqual(['two']);
  board.filters.showPerson(bob);
  expect(board.filters.isActive).toBe(false);
});

test('a card under the hand stays until she turns to something else', () => {
  const { board, act } = openAsAlice();
  act('one', alice, { type: 'claimItem' });
  board.filters.toggle('mine');
  board.filters.hold('one' as ItemId);
  act('one', alice, { type: 'assignOwner', ownerId: bob });
  expect(shown(board)).toEqual(['one']);
  board.filters.hold(null);
  expect(shown(board)).toEqual([]);
});

test('a change of one card asks no other card anew', () => {
  const { board, act } = openAsAlice();
  board.filters.text = 'brightwater';
  const stop = $effect.root(() => {
    $effect(() => void board.filters.counts);
  });
  const { filter } = board.ground;
  if (!filter) throw new Error('The board has a filter.');
  shown(board);
  const asked = vi.spyOn(filter, 'marksOf');
  act('one', alice, { type: 'claimItem' });
  shown(board);
  expect(new Set(asked.mock.calls.map(([item]) => item.id))).toEqual(new Set(['one']));
  stop();
});

test('typing is told from switching, and an address is taken over', () => {
  const { board } = openAsAlice();
  board.filters.text = 'roux';
  expect([board.filters.isTyping, board.filters.query]).toEqual([true, 'q=roux']);
  board.filters.toggle('stalled');
  expect([board.filters.isTyping, board.filters.query]).toEqual([false, 'q=roux&show=stalled']);
  board.filters.read('?q=cafe');
  expect([board.filters.text, shown(board)]).toEqual(['cafe', ['one']]);
  board.filters.clear();
  expect(board.filters.query).toBe('');
});

test('closed items of this browser are found at once, older ones when the server answers', async () => {
  vi.useFakeTimers();
  const { board, act } = openAsAlice();
  act('one', alice, { type: 'cancelItem', reason: 'Gone' });
  const old = { itemId: 'old' as ItemId, key: 'ONB-0', title: 'Café Vert', closed: null };
  const known = { ...old, itemId: 'one' as ItemId };
  const answer: SearchAnswer = { hits: [known, old], hasMore: false };
  const ask = vi.fn(() => Promise.resolve(ok(answer)));
  const search = new BoardSearch('board' as BoardId, board.cards, { search: ask });
  search.ask('caf');
  search.ask('café');
  expect(search.found.map(({ itemId }) => itemId)).toEqual(['one']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(search.found.map(({ itemId }) => itemId)).toEqual(['one', 'old']);
  expect(ask.mock.calls).toEqual([['board', 'café']]);
  search.ask('');
  expect([search.found, search.status]).toEqual([[], 'idle']);
});

test('without a server she is told that only this browser was searched', async () => {
  vi.useFakeTimers();
  const { board } = openAsAlice();
  const search = new BoardSearch('board' as BoardId, board.cards, {
    search: () => Promise.resolve(refused({ kind: 'unreachable' })),
  });
  search.ask('roux');
  await vi.advanceTimersByTimeAsync(1_000);
  expect([search.status, search.found]).toEqual(['unreachable', []]);
});

test('saved views are named, renamed and removed, and refuse a name that is taken', () => {
  const views = new SavedViews('board' as BoardId, alice);
  views.save(' Ours ', 'show=team');
  views.save('Stalled', 'show=stalled');
  views.save('Ours', 'show=mine');
  expect(views.list.map(({ name, query }) => [name, query])).toEqual([
    ['Ours', 'show=mine'],
    ['Stalled', 'show=stalled'],
  ]);
  const [ours] = views.list;
  if (!ours) throw new Error('There are two.');
  expect([views.rename(ours, 'Stalled'), views.rename(ours, ' '), views.rename(ours, 'Mine')]).toEqual([
    false,
    false,
    true,
  ]);
  for (const view of [...views.list]) views.remove(view);
  expect(views.list).toEqual([]);
  for (let index = 0; index <= VIEWS_MAX; index += 1) views.save(`View ${index}`, 'show=stalled');
  expect(views.list).toHaveLength(VIEWS_MAX);
  clearSavedViews();
});
