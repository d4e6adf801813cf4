import { flushSync } from 'svelte';
import { describe, expect, test } from 'vitest';
import type { Command } from '#lib/workflow/commands.ts';
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
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { Team } from '#lib/workflow/state.ts';
import type { CardAction } from './board-actions.ts';
import { BoardInMemory, ItemInMemory } from './board-in-memory.testing.ts';
import { HandoffDraft } from './board-handoff.svelte.ts';
import { BoardScreen } from './board.svelte.ts';

const [SALES, LEGAL, SUPPORT] = ['sales', 'legal', 'support'] as unknown as [TeamId, TeamId, TeamId];
const TEAMS: readonly Team[] = [
  { id: SALES, name: 'Sales', color: 'blue', position: 0, itemLimit: null },
  { id: LEGAL, name: 'Legal', color: 'magenta', position: 1, itemLimit: null },
  { id: SUPPORT, name: 'Support', color: 'teal', position: 2, itemLimit: 1 },
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
    { id: 'review' as StepId, name: 'Review', teamId: LEGAL, isFinal: false, workLimitMs: null },
    { id: 'live' as StepId, name: 'Go live', teamId: SUPPORT, isFinal: true, workLimitMs: null },
  ],
  seams: [seam('draft-review', 'draft', 'review', [COMPANY]), seam('review-live', 'review', 'live', [])],
  fields: [{ key: COMPANY, label: 'Company', type: 'text', hint: '', choices: [] }],
};
const NOW_MS = Date.UTC(2026, 10, 23, 9);

function seam(id: string, from: string, to: string, needs: FieldKey[]): WorkflowVersion['seams'][number] {
  return {
    id: id as SeamId,
    fromStepId: from as StepId,
    toStepId: to as StepId,
    isAutomatic: false,
    needs: needs.map((field) => ({ kind: 'fact', field })),
    returnReasons: [],
    gapLimitMs: null,
  };
}

type Person = 'alice' | 'bob' | 'dave' | 'erin';

function openAs(userId: Person) {
  const source = new BoardInMemory({
    teams: TEAMS,
    workflows: [WORKFLOW],
    people: [
      { id: 'alice', name: 'Alice', roles: { sales: 'member' } },
      { id: 'bob', name: 'Bob', roles: { legal: 'member' } },
      { id: 'erin', name: 'Erin', roles: { sales: 'lead' } },
      { id: 'dave', name: 'Dave', roles: { support: 'lead' } },
    ],
    userId,
    nowMs: NOW_MS,
  });
  const document = new ItemInMemory();
  const board = new BoardScreen({
    source,
    userId: userId as UserId,
    openItem: () => Promise.resolve(document),
  });
  return { source, board, document };
}

let lastId = 0;
function base(source: BoardInMemory, itemId: string): Pick<Command, 'id' | 'itemId' | 'basis'> {
  lastId += 1;
  const seq = source.state.items.get(itemId as ItemId)?.responsibility.seq ?? 0;
  return { id: `command-${lastId}` as CommandId, itemId: itemId as ItemId, basis: { seq } };
}

function create(source: BoardInMemory, itemId: string, order: string, facts = {}): void {
  const title = `Item ${itemId}`;
  source.decide(
    {
      ...base(source, itemId),
      type: 'createItem',
      workflowId: WORKFLOW.id,
      workflowVersion: 1,
      facts: { title, ...facts },
      order,
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
      seamId: 'draft-review' as SeamId,
      facts: { company: 'Acme' },
      note: '',
    },
    'alice',
  );
}

function keysIn(board: BoardScreen, teamId: TeamId, column: 'incoming' | 'working' | 'waiting'): string[] {
  return (board.cards.lane(teamId)?.columns[column].cards ?? []).map(({ key }) => key);
}

function card(board: BoardScreen, itemId: string) {
  const found = board.cards.byId.get(itemId as ItemId);
  if (!found) throw new Error(`There is no card of ${itemId}.`);
  return found;
}

function lastNews(board: BoardScreen) {
  return board.notes.latest?.news;
}

describe('lanes and cards', () => {
  test('an offered item stands in the receiving lane and as a ghost in the lane of the sender, who still holds it', () => {
    const { source, board } = openAs('bob');
    create(source, 'one', 'a0');
    offer(source, 'one');
    expect(keysIn(board, LEGAL, 'incoming')).toEqual(['ONB-1']);
    expect(keysIn(board, SALES, 'working')).toEqual([]);
    expect(board.cards.lane(SALES)?.offered.cards.map(({ key }) => key)).toEqual(['ONB-1']);
    expect(board.cards.lane(SALES)?.heldCount).toBe(1);
    expect(board.cards.lane(LEGAL)?.heldCount).toBe(0);
  });

  test('a change of one item leaves the other cards and columns untouched', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0');
    create(source, 'two', 'a1');
    const [one, two] = [card(board, 'one'), card(board, 'two')];
    const column = board.cards.lane(SALES)?.columns.working.cards;
    let drawn = 0;
    const stop = $effect.root(() => {
      $effect(() => {
        void two.item;
        void two.strip;
        drawn += 1;
      });
    });
    flushSync();
    source.decide({ ...base(source, 'one'), type: 'claimItem' }, 'alice');
    flushSync();
    expect(card(board, 'one')).toBe(one);
    expect(one.ownerName).toBe('Alice');
    expect(board.cards.lane(SALES)?.columns.working.cards).toBe(column);
    expect(drawn).toBe(1);
    stop();
  });

  test('cards stand in their order, and a closed item leaves its lane', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a1');
    create(source, 'two', 'a0');
    expect(keysIn(board, SALES, 'working')).toEqual(['ONB-2', 'ONB-1']);
    source.decide({ ...base(source, 'one'), type: 'orderItem', order: 'Zz' }, 'alice');
    expect(keysIn(board, SALES, 'working')).toEqual(['ONB-1', 'ONB-2']);
    source.decide({ ...base(source, 'one'), type: 'cancelItem', reason: 'They went elsewhere' }, 'erin');
    expect(keysIn(board, SALES, 'working')).toEqual(['ONB-2']);
    expect(board.cards.closed.cards.map(({ key }) => key)).toEqual(['ONB-1']);
  });
});

describe('what is pending', () => {
  test('an own act shows at once as not sent, and the mark goes with the answer', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0');
    expect(board.acts.claim('one' as ItemId)).toBe(true);
    expect(card(board, 'one').ownerName).toBe('Alice');
    expect(card(board, 'one').pending).toHaveLength(1);
    expect(board.unsent.count).toBe(1);
    source.answerAll();
    expect(card(board, 'one').pending).toEqual([]);
    expect(card(board, 'one').ownerName).toBe('Alice');
    expect(board.unsent.count).toBe(0);
  });

  test('an item that was written in without a connection counts and is marked like an act, until it is sent', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0');
    board.acts.claim('one' as ItemId);
    const write = (...late: string[]) => {
      source.unsentItems = { late: new Set(late as ItemId[]) };
      source.changed();
    };
    write('one', 'of another board');
    expect(board.unsent).toEqual({ count: 3, where: 'kept' });
    expect(card(board, 'one').isTextUnsent).toBe(true);
    source.answerAll();
    write();
    expect(board.unsent.count).toBe(0);
    expect(card(board, 'one').isTextUnsent).toBe(false);
  });

  test('an offer is marked as unsent until the server has it, and a comment that waits is not taken for one', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0', { company: 'Acme' });
    board.acts.offer('one' as ItemId, 'draft-review' as SeamId, { facts: {}, note: '' });
    expect(card(board, 'one').isMoveUnsent).toBe(true);
    source.answerAll();
    expect(card(board, 'one').isMoveUnsent).toBe(false);
    board.acts.comment('one' as ItemId, 'They called.');
    expect(card(board, 'one').pending).toHaveLength(1);
    expect(card(board, 'one').isMoveUnsent).toBe(false);
  });

  test('a chain made before any answer is accepted as a whole', () => {
    const { source, board } = openAs('alice');
    const itemId = board.acts.create(WORKFLOW, 'Acme');
    board.acts.claim(itemId);
    board.acts.offer(itemId, 'draft-review' as SeamId, { facts: { company: 'Acme' }, note: '' });
    expect(card(board, itemId).pending).toHaveLength(3);
    source.answerAll();
    expect(board.refused).toEqual([]);
    expect(source.item(itemId).handoff?.toTeamId).toBe(LEGAL);
    expect(source.item(itemId).ownerId).toBe('alice');
  });

  test('a refused command gives the card back as it truly is, and the reason stays until it is dismissed', () => {
    const { source, board } = openAs('bob');
    create(source, 'one', 'a0');
    offer(source, 'one');
    board.acts.accept('one' as ItemId);
    expect(keysIn(board, LEGAL, 'working')).toEqual(['ONB-1']);
    source.decide(
      { ...base(source, 'one'), type: 'withdrawHandoff', handoffId: 'handoff-one' as never },
      'alice',
    );
    expect(card(board, 'one').awaiting?.code).toBe('itemMovedOn');
    source.answerAll();
    expect(keysIn(board, SALES, 'working')).toEqual(['ONB-1']);
    expect(card(board, 'one').awaiting).toBeNull();
    expect(lastNews(board)).toMatchObject({ kind: 'refused', refusal: { code: 'itemMovedOn', by: 'alice' } });
    const [refused] = card(board, 'one').refused;
    if (!refused) throw new Error('the refusal is not on the card');
    board.dismiss(refused.command.id);
    expect(card(board, 'one').refused).toEqual([]);
  });

  test('what the rules on this screen refuse is not sent at all', () => {
    const { source, board } = openAs('bob');
    create(source, 'one', 'a0');
    expect(board.acts.claim('one' as ItemId)).toBe(false);
    expect(source.outbox).toEqual([]);
    expect(lastNews(board)).toMatchObject({
      kind: 'notPossible',
      refusal: { code: 'notYourTeam', teamId: SALES },
    });
  });

  test('undo is the compensating command, and refuses where somebody has acted since', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0', { company: 'Acme' });
    board.acts.offer('one' as ItemId, 'draft-review' as SeamId, { facts: {}, note: '' });
    source.answerAll();
    board.notes.undoLatest();
    source.answerAll();
    expect(source.item('one').handoff).toBeNull();

    board.acts.offer('one' as ItemId, 'draft-review' as SeamId, { facts: {}, note: '' });
    source.answerAll();
    const handoffId = source.item('one').handoff?.id;
    if (!handoffId) throw new Error('it is not offered');
    source.decide({ ...base(source, 'one'), type: 'acceptHandoff', handoffId, order: 'a0' }, 'bob');
    board.notes.undoLatest();
    expect(lastNews(board)).toMatchObject({
      kind: 'notPossible',
      refusal: { code: 'itemMovedOn', by: 'bob' },
    });
  });
});

describe('dragging', () => {
  test('every lane says before the drop what it would do, or why not', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0');
    board.drag.start(card(board, 'one'));
    expect(board.drag.dropAt(LEGAL, 'working')).toMatchObject({ kind: 'moves', isOffPath: false });
    expect(board.drag.dropAt(SUPPORT, 'working')).toEqual({
      kind: 'no',
      why: { code: 'noSeamToLane', nextTeamIds: [LEGAL] },
    });
    expect(board.drag.dropAt(SALES, 'working')).toEqual({ kind: 'order' });
    expect(board.drag.dropAt(SALES, 'waiting')).toEqual({ kind: 'wait' });
  });

  test('a drop with a complete gate is one command and no sheet', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0', { company: 'Acme' });
    board.drag.start(card(board, 'one'));
    board.drag.drop({ teamId: LEGAL, column: 'working', beside: null });
    expect(board.flow.kind).toBe('none');
    expect(source.outbox.map(({ command }) => command.type)).toEqual(['offerHandoff']);
    expect(lastNews(board)).toMatchObject({ kind: 'offered', toTeamId: LEGAL });
  });

  test('a drop with something missing opens the sheet and sends nothing', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0');
    board.drag.start(card(board, 'one'));
    board.drag.drop({ teamId: LEGAL, column: 'working', beside: null });
    expect(board.flow).toEqual({ kind: 'handoff', itemId: 'one', toStepIds: ['review'] });
    expect(source.outbox).toEqual([]);
  });

  test('a cancelled drag changes nothing', () => {
    const { source, board } = openAs('alice');
    create(source, 'one', 'a0');
    board.drag.start(card(board, 'one'));
    board.drag.cancel();
    expect(board.drag.card).toBeNull();
    expect(board.drag.dropAt(LEGAL, 'working')).toBeNull();
    expect(source.outbox).toEqual([]);
  });

  test('a drop beside another card gives the order between its neighbours, and says the new place', () => {
    const { source, board } = openAs('alice');
    for (const [id, order] of [
      ['one', 'a0'],
      ['two', 'a1'],
      ['three', 'a2'],
    ] as const)
      create(source, id, order);
    board.drag.start(card(board, 'three'));
    const beside = { itemId: 'one' as ItemId, isBefore: false, isSideways: true };
    board.drag.drop({ teamId: SALES, column: 'working', beside });
    expect(keysIn(board, SALES, 'working')).toEqual(['ONB-1', 'ONB-3', 'ONB-2']);
    expect(lastNews(board)).toMatchObject({ kind: 'moved', position: 2, of: 3 });
    board.notes.undoLatest();
    expect(keysIn(board, SALES, 'working')).toEqual(['ONB-1', 'ONB-2', 'ONB-3']);
  });

  test('the receiver accepts by dragging into Working and returns by dragging back, the sender withdraws', () => {
    const bob = openAs('bob');
    create(bob.source, 'one', 'a0');
    offer(bob.source, 'one');
    bob.board.drag.start(card(bob.board, 'one'));
    expect(bob.board.drag.dropAt(LEGAL, 'working')).toEqual({ kind: 'accept' });
    expect(bob.board.drag.dropAt(SALES, 'working')).toEqual({ kind: 'return' });

    const alice = openAs('alice');
    create(alice.source, 'one', 'a0');
    offer(alice.source, 'one');
    alice.board.drag.start(card(alice.board, 'one'));
    expect(alice.board.drag.dropAt(LEGAL, 'working')).toMatchObject({
      kind: 'no',
      why: { code: 'notYourTeam' },
    });
    expect(alice.board.drag.dropAt(SALES, 'working')).toEqual({ kind: 'withdraw' });
  });
});

describe('the handoff sheet', () => {
  test('asks only for what is missing, writes it into the item document, and sends one command', async () => {
    const { source, board, document } = openAs('alice');
    create(source, 'one', 'a0');
    const draft = new HandoffDraft(board, card(board, 'one'), ['review' as StepId]);
    await draft.opened;
    expect(draft.asked.map(({ key }) => key)).toEqual([COMPANY]);
    expect(draft.submit()).toBe(false);
    draft.set(COMPANY, 'Acme');
    expect(document.facts()).toEqual({ company: 'Acme' });
    expect(draft.asked).toHaveLength(1);
    draft.note.text = 'They are in a hurry';
    expect(draft.submit()).toBe(true);
    source.answerAll();
    expect(source.item('one').facts).toMatchObject({ company: 'Acme' });
    expect(source.item('one').handoff?.note).toBe('They are in a hurry');
    draft.destroy();
  });

  test('shows what a colleague fills in meanwhile, and is ready by it', async () => {
    const { source, board, document } = openAs('alice');
    create(source, 'one', 'a0');
    const draft = new HandoffDraft(board, card(board, 'one'), ['review' as StepId]);
    await draft.opened;
    document.setFact(COMPANY, 'Acme');
    expect(draft.valueOf(COMPANY)).toBe('Acme');
    expect(draft.isReady).toBe(true);
    draft.destroy();
  });

  test('a deviation is a lead’s and does not go without a reason', async () => {
    const { source, board } = openAs('dave');
    create(source, 'one', 'a0', { company: 'Acme' });
    offer(source, 'one');
    source.decide(
      { ...base(source, 'one'), type: 'acceptHandoff', handoffId: 'handoff-one' as never, order: 'a0' },
      'bob',
    );
    source.decide(
      {
        ...base(source, 'one'),
        type: 'offerHandoff',
        handoffId: 'second' as never,
        seamId: 'review-live' as SeamId,
        facts: {},
        note: '',
      },
      'bob',
    );
    board.acts.accept('one' as ItemId);
    source.answerAll();
    const draft = new HandoffDraft(board, card(board, 'one'), ['draft' as StepId]);
    await draft.opened;
    expect(draft.move?.route.kind).toBe('detour');
    expect(draft.isReady).toBe(false);
    draft.reason.text = 'The contract was for the wrong company';
    expect(draft.submit()).toBe(true);
    source.answerAll();
    expect(source.item('one').deviations).toBe(1);
    draft.destroy();
  });
});

describe('the buttons of a card', () => {
  const SITUATIONS: readonly { readonly name: string; readonly make: (source: BoardInMemory) => void }[] = [
    { name: 'new', make: (source) => create(source, 'one', 'a0') },
    {
      name: 'waiting',
      make: (source) => {
        create(source, 'one', 'a0');
        source.decide(
          { ...base(source, 'one'), type: 'startWaiting', on: 'customer', what: 'a signature', until: null },
          'alice',
        );
      },
    },
    {
      name: 'offered',
      make: (source) => {
        create(source, 'one', 'a0');
        offer(source, 'one');
      },
    },
    {
      name: 'accepted',
      make: (source) => {
        create(source, 'one', 'a0');
        offer(source, 'one');
        const handoffId = 'handoff-one' as never;
        source.decide({ ...base(source, 'one'), type: 'acceptHandoff', handoffId, order: 'a0' }, 'bob');
      },
    },
    {
      name: 'cancelled',
      make: (source) => {
        create(source, 'one', 'a0');
        source.decide({ ...base(source, 'one'), type: 'cancelItem', reason: 'They went elsewhere' }, 'erin');
      },
    },
  ];

  test.each(SITUATIONS)('are exactly what the rules accept of an item that is $name', ({ make }) => {
    for (const person of ['alice', 'bob', 'dave', 'erin'] as const) {
      for (const action of ACTIONS) {
        const { source, board } = openAs(person);
        make(source);
        const isOffered = card(board, 'one').actions.includes(action);
        expect(perform(board, action), `${action} by ${person}`).toBe(isOffered);
      }
    }
  });
});

const ACTIONS: readonly CardAction[] = [
  'accept',
  'return',
  'withdraw',
  'claim',
  'wait',
  'resume',
  'complete',
  'sendBack',
  'cancel',
  'reopen',
];

function perform({ acts }: BoardScreen, action: CardAction): boolean {
  const itemId = 'one' as ItemId;
  const reason = { reasonId: null, note: 'because', missing: [] };
  switch (action) {
    case 'return':
      return acts.returnIt(itemId, reason);
    case 'sendBack':
      return acts.sendBack(itemId, reason);
    case 'wait':
      return acts.wait(itemId, { on: 'other', what: 'something', until: null });
    case 'cancel':
    case 'reopen':
      return acts[action](itemId, 'because');
    case 'assign':
      throw new Error('It needs somebody to assign it to.');
    default:
      return acts[action](itemId);
  }
}
