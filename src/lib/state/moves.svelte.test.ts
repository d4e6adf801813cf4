import { expect, test } from 'vitest';
import type { Command } from '#lib/workflow/commands.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type {
  CommandId,
  FieldKey,
  ItemId,
  SeamId,
  StepId,
  TeamId,
  UserId,
  WorkflowId,
} from '#lib/workflow/ids.ts';
import type { Team } from '#lib/workflow/state.ts';
import { BoardInMemory, ItemInMemory } from './board-in-memory.testing.ts';
import { BoardStalled } from './board-stalled.svelte.ts';
import { BoardScreen } from './board.svelte.ts';
import { loadOf, troubleIn } from './lane-load.ts';

const [SALES, LEGAL] = ['sales', 'legal'] as unknown as [TeamId, TeamId];
const TEAMS: readonly Team[] = [
  { id: SALES, name: 'Sales', color: 'blue', position: 0, itemLimit: null },
  { id: LEGAL, name: 'Legal', color: 'magenta', position: 1, itemLimit: null },
];
const COMPANY = 'company' as FieldKey;
const WORKFLOW: WorkflowVersion = {
  id: 'onboarding' as WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: 'draft' as StepId,
  steps: [
    { id: 'draft' as StepId, name: 'Draft', teamId: SALES, isFinal: false, workLimitMs: null },
    { id: 'review' as StepId, name: 'Review', teamId: LEGAL, isFinal: true, workLimitMs: null },
  ],
  seams: [
    {
      id: 'to-legal' as SeamId,
      fromStepId: 'draft' as StepId,
      toStepId: 'review' as StepId,
      isAutomatic: false,
      needs: [{ kind: 'fact', field: COMPANY }],
      returnReasons: [],
      gapLimitMs: 60 * 60 * 1000,
    },
  ],
  fields: [{ key: COMPANY, label: 'Company', type: 'text', hint: '', choices: [] }],
};
const NOW_MS = Date.UTC(2026, 10, 23, 9);

function openAs(userId: 'alice' | 'bob') {
  const source = new BoardInMemory({
    teams: TEAMS,
    workflows: [WORKFLOW],
    people: [
      { id: 'alice', name: 'Alice', roles: { sales: 'member' } },
      { id: 'amy', name: 'Amy', roles: { sales: 'member' } },
      { id: 'bob', name: 'Bob', roles: { legal: 'member' } },
    ],
    userId,
    nowMs: NOW_MS,
  });
  const board = new BoardScreen({
    source,
    userId: userId as UserId,
    openItem: () => Promise.resolve(new ItemInMemory()),
  });
  return { source, board };
}

let lastId = 0;
function base(source: BoardInMemory, itemId: string): Pick<Command, 'id' | 'itemId' | 'basis'> {
  lastId += 1;
  const seq = source.state.items.get(itemId as ItemId)?.responsibility.seq ?? 0;
  return { id: `command-${lastId}` as CommandId, itemId: itemId as ItemId, basis: { seq } };
}

function create(source: BoardInMemory, itemId: string): void {
  source.decide(
    {
      ...base(source, itemId),
      type: 'createItem',
      workflowId: WORKFLOW.id,
      workflowVersion: 1,
      facts: { title: `Item ${itemId}` },
      order: 'a0',
    },
    'alice',
  );
}

function offer(source: BoardInMemory, itemId: string): void {
  source.decide(
    {
      ...base(source, itemId),
      type: 'offerHandoff',
      handoffId: `handoff-${itemId}` as never,
      seamId: 'to-legal' as SeamId,
      facts: { company: 'Acme' },
      note: '',
    },
    'alice',
  );
}

function shown(board: BoardScreen): string[] {
  return board.moves.groups.map(
    ({ name, rows }) => `${name}: ${rows.map(({ card }) => card.key).join(', ')}`,
  );
}

function actsOn(board: BoardScreen, itemId: string): string[] {
  const card = board.cards.byId.get(itemId as ItemId);
  if (!card) throw new Error(`There is no card of ${itemId}.`);
  return board.moves.actsOn(card).map((act) => (act.kind === 'action' ? act.action : act.kind));
}

test('an offer waits for bob of Legal, and leaves his list at once when he accepts it without a network', () => {
  const { source, board } = openAs('bob');
  create(source, 'one');
  offer(source, 'one');
  expect(shown(board)).toEqual(['offered: ONB-1']);
  expect(board.moves.count).toBe(1);
  expect(actsOn(board, 'one')).toEqual(['return', 'accept']);
  board.acts.accept('one' as ItemId);
  expect(shown(board)).toEqual(['mine: ONB-1']);
  expect(actsOn(board, 'one')).toEqual(['complete']);
});

test('alice of Sales claims, hands over, and may withdraw what nobody has taken yet', () => {
  const { source, board } = openAs('alice');
  create(source, 'one');
  expect(shown(board)).toEqual(['unclaimed: ONB-1']);
  expect(board.moves.count).toBe(0);
  expect(actsOn(board, 'one')).toEqual(['handOver', 'claim']);
  board.acts.claim('one' as ItemId);
  source.answerAll();
  expect([shown(board), actsOn(board, 'one')]).toEqual([['mine: ONB-1'], ['handOver']]);
  offer(source, 'one');
  expect([shown(board), actsOn(board, 'one')]).toEqual([['notTaken: ONB-1'], ['withdraw', 'nudge']]);
});

test('an offer is stalled by the clock alone, and an item is never in two groups', () => {
  const { source, board } = openAs('bob');
  for (const id of ['one', 'two']) {
    create(source, id);
    offer(source, id);
  }
  source.nowMs = NOW_MS + 2 * 60 * 60 * 1000;
  board.clock.tick();
  expect(shown(board)).toEqual(['stalled: ONB-1, ONB-2']);
  expect(board.moves.count).toBe(2);
});

test('what waits is taken up again in place', () => {
  const { source, board } = openAs('alice');
  create(source, 'one');
  board.acts.claim('one' as ItemId);
  source.answerAll();
  board.acts.wait('one' as ItemId, { on: 'customer', what: 'a copy', until: null });
  expect([shown(board), actsOn(board, 'one')]).toEqual([['waiting: ONB-1'], ['handOver', 'resume']]);
});

test('what came back to a colleague of Sales and stalls there, alice hands on from either list', () => {
  const { source, board } = openAs('alice');
  create(source, 'one');
  source.decide({ ...base(source, 'one'), type: 'assignOwner', ownerId: 'amy' as UserId }, 'alice');
  offer(source, 'one');
  source.decide(
    {
      ...base(source, 'one'),
      type: 'returnHandoff',
      handoffId: 'handoff-one' as never,
      reasonId: null,
      note: 'No signature',
      missing: [],
    },
    'bob',
  );
  source.nowMs = NOW_MS + 60 * 24 * 60 * 60 * 1000;
  board.clock.tick();
  expect([shown(board), actsOn(board, 'one')]).toEqual([['stalled: ONB-1'], ['handOver']]);
  const [row] = new BoardStalled(board).rows;
  if (!row) throw new Error('Nothing is stalled.');
  const acts = new BoardStalled(board).actsOn(row.card);
  expect(acts.map((act) => (act.kind === 'action' ? act.action : act.kind))).toEqual([
    'wait',
    'assign',
    'handOver',
    'claim',
  ]);
});

test('a lane counts what is stalled and what came back, and the sheet what stands ahead of the card', () => {
  const { source, board } = openAs('alice');
  for (const id of ['one', 'two', 'three']) create(source, id);
  offer(source, 'one');
  offer(source, 'two');
  const stalledMs = NOW_MS + 2 * 60 * 60 * 1000;
  const [salesLane, legalLane] = board.cards.lanes;
  const own = board.cards.byId.get('three' as ItemId);
  const ahead = board.cards.byId.get('one' as ItemId);
  if (!salesLane || !legalLane || !own || !ahead) throw new Error('The board is not as it was set up.');
  expect(loadOf(legalLane, own)).toEqual({
    heldCount: 0,
    limit: null,
    isFull: false,
    aheadCount: 2,
    oldestSince: NOW_MS,
  });
  expect(loadOf(legalLane, ahead).aheadCount).toBe(1);
  expect(troubleIn(legalLane, stalledMs)).toEqual({ stalled: 2, returned: 0 });
  source.decide(
    {
      ...base(source, 'two'),
      type: 'returnHandoff',
      handoffId: 'handoff-two' as never,
      reasonId: null,
      note: 'No signature',
      missing: [],
    },
    'bob',
  );
  expect(troubleIn(salesLane, stalledMs)).toEqual({ stalled: 0, returned: 1 });
  expect(troubleIn(legalLane, stalledMs)).toEqual({ stalled: 1, returned: 0 });
});
