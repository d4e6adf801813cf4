import { describe, expect, it } from 'vitest';
import { drafted, inReview, LEGAL, outcome, SALES, TestBoard } from '../../../tests/support/board.ts';
import type { PersonName } from '../../../tests/support/board.ts';
import type { AnyCommand, Command } from './commands.ts';

type State = 'working' | 'waiting' | 'offered' | 'closed';

/**
 * Item-1 is held by Legal, owned by bob, came from Sales, stands in a final step; offered means: to Provisioning. Sales
 * has two more, the second of which it relates to.
 */
function boardIn(state: State): TestBoard {
  const board = inReview();
  for (const itemId of ['item-2', 'item-3']) board.tell('alice', 'createItem', { itemId });
  board.tell('alice', 'linkItems', { otherId: 'item-3', kind: 'relatesTo' });
  if (state === 'waiting') board.tell('bob', 'startWaiting');
  if (state === 'offered') board.tell('bob', 'offerHandoff');
  if (state === 'closed') board.tell('bob', 'completeItem');
  return board;
}

interface Row {
  readonly type: Exclude<Command['type'], 'createItem'>;
  readonly who: Readonly<Record<State, PersonName>>;
  /** Asked by somebody who may do most, but not this. */
  readonly whoNot: Readonly<Record<State, PersonName>>;
  readonly cells: Readonly<Record<State, string>>;
  /** Differs from the sensible contents of a command. */
  readonly fields?: object;
}

function always<Value>(value: Value): Readonly<Record<State, Value>> {
  return { working: value, waiting: value, offered: value, closed: value };
}
const holder = { who: always<PersonName>('bob'), whoNot: always<PersonName>('cleo') };
const holderLead = { who: always<PersonName>('ben'), whoNot: always<PersonName>('bob') };
const receiver = { who: always<PersonName>('carol'), whoNot: always<PersonName>('ben') };

/** The table at the top of SPEC.md. */
const table: readonly Row[] = [
  {
    type: 'claimItem',
    who: always<PersonName>('ben'),
    whoNot: holder.whoNot,
    cells: { working: 'itemClaimed', waiting: 'itemClaimed', offered: 'itemClaimed', closed: 'itemClosed' },
  },
  {
    type: 'assignOwner',
    ...holder,
    cells: {
      working: 'ownerAssigned',
      waiting: 'ownerAssigned',
      offered: 'ownerAssigned',
      closed: 'itemClosed',
    },
  },
  {
    type: 'offerHandoff',
    ...holder,
    cells: {
      working: 'handoffOffered',
      waiting: 'workResumed + handoffOffered',
      offered: 'handoffOpen',
      closed: 'itemClosed',
    },
  },
  {
    type: 'offerDeviation',
    ...holderLead,
    cells: {
      working: 'handoffOffered',
      waiting: 'workResumed + handoffOffered',
      offered: 'handoffOpen',
      closed: 'itemClosed',
    },
  },
  {
    type: 'sendBack',
    ...holder,
    cells: {
      working: 'handoffOffered',
      waiting: 'workResumed + handoffOffered',
      offered: 'handoffOpen',
      closed: 'itemClosed',
    },
  },
  {
    type: 'acceptHandoff',
    ...receiver,
    cells: {
      working: 'noOpenHandoff',
      waiting: 'noOpenHandoff',
      offered: 'handoffAccepted',
      closed: 'itemClosed',
    },
  },
  {
    type: 'returnHandoff',
    ...receiver,
    cells: {
      working: 'noOpenHandoff',
      waiting: 'noOpenHandoff',
      offered: 'handoffReturned',
      closed: 'itemClosed',
    },
  },
  {
    type: 'withdrawHandoff',
    ...holder,
    cells: {
      working: 'noOpenHandoff',
      waiting: 'noOpenHandoff',
      offered: 'handoffWithdrawn',
      closed: 'itemClosed',
    },
  },
  {
    type: 'nudgeItem',
    who: always<PersonName>('alice'),
    whoNot: always<PersonName>('vera'),
    cells: { working: 'itemNudged', waiting: 'itemNudged', offered: 'itemNudged', closed: 'itemClosed' },
  },
  {
    type: 'linkItems',
    ...holder,
    cells: always('itemsLinked'),
  },
  {
    type: 'unlinkItems',
    who: always<PersonName>('alice'),
    whoNot: holder.whoNot,
    cells: always('itemsUnlinked'),
  },
  {
    type: 'startWaiting',
    ...holder,
    cells: {
      working: 'waitingStarted',
      waiting: 'alreadyWaiting',
      offered: 'handoffOpen',
      closed: 'itemClosed',
    },
  },
  {
    type: 'resumeWork',
    ...holder,
    cells: { working: 'notWaiting', waiting: 'workResumed', offered: 'notWaiting', closed: 'itemClosed' },
  },
  {
    type: 'completeItem',
    ...holder,
    cells: {
      working: 'itemCompleted',
      waiting: 'itemCompleted',
      offered: 'handoffOpen',
      closed: 'itemClosed',
    },
  },
  {
    type: 'cancelItem',
    ...holderLead,
    cells: {
      working: 'itemCancelled',
      waiting: 'itemCancelled',
      offered: 'itemCancelled',
      closed: 'itemClosed',
    },
  },
  {
    type: 'reopenItem',
    ...holderLead,
    cells: {
      working: 'itemNotClosed',
      waiting: 'itemNotClosed',
      offered: 'itemNotClosed',
      closed: 'itemReopened',
    },
  },
  {
    type: 'orderItem',
    who: { ...holder.who, offered: 'carol' },
    whoNot: { ...holder.whoNot, offered: 'ben' },
    cells: { working: 'itemOrdered', waiting: 'itemOrdered', offered: 'itemOrdered', closed: 'itemClosed' },
  },
  {
    type: 'addComment',
    who: always<PersonName>('dave'),
    whoNot: always<PersonName>('vera'),
    cells: always('commentAdded'),
  },
];

/** What no role helps against. */
const STATE_REFUSALS: ReadonlySet<string> = new Set([
  'itemClosed',
  'itemNotClosed',
  'handoffOpen',
  'noOpenHandoff',
  'alreadyWaiting',
  'notWaiting',
]);
const states = ['working', 'waiting', 'offered', 'closed'] as const;
const cells = table.flatMap((row) => states.map((state) => ({ ...row, state, expected: row.cells[state] })));

describe('the table', () => {
  it.each(cells)('W1: $type on a $state item: $expected', ({ type, who, state, expected }) => {
    expect(outcome(boardIn(state).ask(who[state], type))).toBe(expected);
  });

  it.each(cells.filter(({ expected }) => !STATE_REFUSALS.has(expected)))(
    'W1: $type on a $state item is only for those who may',
    ({ type, whoNot, state }) => {
      expect(outcome(boardIn(state).ask(whoNot[state], type))).toBe(
        type === 'addComment' || type === 'nudgeItem' ? 'notAllowed' : 'notYourTeam',
      );
    },
  );

  it.each(cells)('W1: $type on a $state item is refused to a viewer and to a stranger', ({ type, state }) => {
    expect(outcome(boardIn(state).ask('vera', type))).toBe('notAllowed');
    expect(outcome(boardIn(state).ask('mallory', type))).toBe('notAllowed');
  });

  it('W1: covers every command there is', () => {
    const covered = new Set<AnyCommand['type']>([
      ...table.map((row) => row.type),
      'createItem',
      'recordFacts',
      'setMember',
      'setRole',
    ]);
    expect(covered.size).toBe(22);
  });
});

describe('claiming and assigning', () => {
  it('W1: the owner cannot claim again, and nobody is assigned twice', () => {
    const board = inReview();
    expect(outcome(board.ask('bob', 'claimItem'))).toBe('alreadyOwner');
    expect(outcome(board.ask('ben', 'assignOwner', { ownerId: 'bob' }))).toBe('alreadyOwner');
    expect(outcome(board.ask('ben', 'assignOwner', { ownerId: 'ben' }))).toBe('ownerAssigned');
  });

  it('W1: only those who may work for the holder can be its owner: no one of another team, no viewer, no stranger', () => {
    const board = inReview();
    for (const ownerId of ['alice', 'carol', 'vera', 'mallory', '__proto__']) {
      expect(board.ask('bob', 'assignOwner', { ownerId })).toEqual({
        ok: false,
        refusal: { code: 'ownerNotInTeam', teamId: LEGAL },
      });
    }
    expect(outcome(board.ask('bob', 'assignOwner', { ownerId: 'ada' }))).toBe('ownerAssigned');
  });

  it('W1: a claimed item belongs to who claimed it last, an unassigned one to nobody', () => {
    const board = inReview();
    board.tell('ben', 'claimItem');
    expect(board.item().ownerId).toBe('ben');
    board.tell('bob', 'assignOwner', { ownerId: null });
    expect(board.item().ownerId).toBeNull();
  });
});

describe('creating', () => {
  it('W1: alice of Sales creates an item in the first step, held by Sales, unclaimed, with the next number', () => {
    const board = new TestBoard();
    board.tell('alice', 'createItem', { itemId: 'item-1', facts: { title: 'Acme', seats: 3 } });
    board.tell('amy', 'createItem', { itemId: 'item-2' });
    expect(board.item('item-1')).toMatchObject({
      key: 'ONB-1',
      stepId: 'draft',
      holderTeamId: SALES,
      ownerId: null,
      facts: { title: 'Acme', seats: 3 },
    });
    expect(board.item('item-2')).toMatchObject({ number: 2, key: 'ONB-2' });
  });

  it('W1: bob of Legal cannot create what starts with Sales', () => {
    expect(new TestBoard().ask('bob', 'createItem')).toEqual({
      ok: false,
      refusal: { code: 'notYourTeam', teamId: SALES, role: 'member' },
    });
  });

  it('W1: an item is created once, in a workflow version that the board has', () => {
    const board = drafted();
    expect(outcome(board.ask('alice', 'createItem'))).toBe('itemExists');
    expect(outcome(board.ask('alice', 'createItem', { itemId: 'item-2', workflowVersion: 2 }))).toBe(
      'noSuchWorkflow',
    );
    expect(outcome(board.ask('alice', 'createItem', { itemId: 'item-2', workflowId: 'other' }))).toBe(
      'noSuchWorkflow',
    );
  });

  it('W1: an item has a title that says something, and only facts that its workflow knows', () => {
    const board = new TestBoard();
    for (const [facts, field, problem] of [
      [{}, 'title', 'empty'],
      [{ title: ' ' }, 'title', 'empty'],
      [{ title: 7 }, 'title', 'wrongType'],
      [{ title: 'Acme', nope: 1 }, 'nope', 'unknownField'],
      [JSON.parse('{"title": "Acme", "__proto__": {"seats": 1}}'), '__proto__', 'unknownField'],
    ] as const) {
      expect(board.ask('alice', 'createItem', { facts })).toEqual({
        ok: false,
        refusal: { code: 'factsInvalid', faults: [{ field, problem }] },
      });
    }
  });
});

describe('waiting and closing', () => {
  it('W1: a pause says whom it waits for and for what, and work goes on after it', () => {
    const board = inReview();
    expect(outcome(board.ask('bob', 'startWaiting', { what: ' ' }))).toBe('reasonRequired');
    // It is 23 November, noon by UTC, and the 22nd is not over everywhere.
    for (const until of ['2026-11-21', '0001-01-01', '2027-11-26', '9999-12-31']) {
      expect(board.ask('bob', 'startWaiting', { until })).toMatchObject({
        refusal: { code: 'dayOutOfReach', daysMax: 366 },
      });
    }
    for (const until of ['2026-11-23', '2027-11-24'])
      expect(outcome(board.ask('bob', 'startWaiting', { until }))).toBe('waitingStarted');
    board.tell('bob', 'startWaiting', { on: 'supplier', what: 'Quote', until: '2026-12-01' });
    expect(board.item().waiting).toEqual({
      on: 'supplier',
      what: 'Quote',
      until: '2026-12-01',
      since: board.nowMs,
      by: 'bob',
    });
    board.tell('ben', 'resumeWork');
    expect(board.item().waiting).toBeNull();
  });

  it('W1: an item is completed only in a final step', () => {
    const board = drafted();
    expect(board.ask('alice', 'completeItem')).toEqual({
      ok: false,
      refusal: { code: 'notFinalStep', stepId: 'draft' },
    });
  });

  it('W1: cancelling and reopening take a reason; an open offer and a pause end with the item', () => {
    for (const state of ['working', 'waiting', 'offered'] as const) {
      const board = boardIn(state);
      expect(outcome(board.ask('ben', 'cancelItem', { reason: '\n' }))).toBe('reasonRequired');
      board.tell('ben', 'cancelItem', { reason: 'Lost' });
      expect(board.item()).toMatchObject({
        handoff: null,
        waiting: null,
        closed: { kind: 'cancelled', by: 'ben', reason: 'Lost' },
      });
      expect(outcome(board.ask('ben', 'reopenItem', { reason: '' }))).toBe('reasonRequired');
    }
  });

  it('W1: a reopened item is back in its last step with its last holder, unclaimed, and starts afresh', () => {
    const board = boardIn('working');
    board.tell('bob', 'offerHandoff');
    board.tell('carol', 'returnHandoff');
    board.tell('bob', 'completeItem');
    board.tell('ben', 'reopenItem');
    expect(board.item()).toMatchObject({
      closed: null,
      stepId: 'review',
      holderTeamId: LEGAL,
      ownerId: null,
      returned: null,
      heldSince: board.nowMs,
    });
  });
});

describe('who may', () => {
  it('W10: somebody without a role learns nothing: the answer is the same for what exists and what does not', () => {
    const board = inReview();
    for (const row of table) {
      for (const itemId of ['item-1', 'item-none']) {
        expect(board.ask('mallory', row.type, { itemId })).toEqual({
          ok: false,
          refusal: { code: 'notAllowed' },
        });
      }
    }
    expect(outcome(board.ask('mallory', 'createItem', { workflowId: 'other' }))).toBe('notAllowed');
    expect(outcome(board.ask('mallory', 'recordFacts'))).toBe('notAllowed');
    expect(outcome(board.ask('bob', 'claimItem', { itemId: 'item-none' }))).toBe('noSuchItem');
  });

  it('W11: ada, an admin without a role, does all that a lead of any team does', () => {
    for (const row of table) {
      for (const state of states) expect(outcome(boardIn(state).ask('ada', row.type))).toBe(row.cells[state]);
    }
    expect(outcome(new TestBoard().ask('ada', 'createItem'))).toBe('itemCreated');
  });

  it('W12: vera, who may only look on in Sales and Legal, changes nothing', () => {
    const board = inReview();
    for (const row of table) expect(outcome(board.ask('vera', row.type))).toBe('notAllowed');
    expect(outcome(board.ask('vera', 'createItem', { itemId: 'item-2' }))).toBe('notAllowed');
    expect(outcome(board.ask('vera', 'recordFacts'))).toBe('notAllowed');
  });

  it('W12: a viewer of one team who is a member of another acts for that one alone', () => {
    const board = inReview();
    board.tell('ada', 'setMember', { userId: 'vera', roles: { legal: 'viewer', support: 'member' } });
    expect(outcome(board.ask('vera', 'addComment'))).toBe('commentAdded');
    expect(outcome(board.ask('vera', 'claimItem'))).toBe('notYourTeam');
  });

  it('W13: who changes teams may from then on what the new role allows, and no longer what the old one did', () => {
    const board = inReview();
    board.tell('ada', 'setMember', { userId: 'bob', roles: { provisioning: 'member' } });
    expect(outcome(board.ask('bob', 'offerHandoff'))).toBe('notYourTeam');
    board.tell('ben', 'offerHandoff');
    expect(outcome(board.ask('bob', 'acceptHandoff'))).toBe('handoffAccepted');
    board.tell('ada', 'setMember', { userId: 'bob', roles: {} });
    expect(outcome(board.ask('bob', 'acceptHandoff'))).toBe('notAllowed');
  });

  it('W14: bob who leaves Legal stays the owner of what he had, until ben of Legal takes it', () => {
    const board = inReview();
    board.tell('ada', 'setMember', { userId: 'bob', roles: {} });
    expect(board.item().ownerId).toBe('bob');
    expect(outcome(board.ask('ben', 'claimItem'))).toBe('itemClaimed');
  });

  it('W16: a change in one team leaves the roles in the others as they are, and an invitation a stronger one', () => {
    const board = inReview();
    board.tell('ada', 'setMember', { userId: 'bob', roles: { sales: 'lead', legal: 'member' } });
    board.tell('ada', 'setRole', { userId: 'bob', teamId: 'legal', role: 'viewer', keepsStronger: true });
    board.tell('ada', 'setRole', { userId: 'bob', teamId: 'support', role: 'member', keepsStronger: true });
    board.tell('ada', 'setRole', { userId: 'bob', teamId: 'sales', role: null, keepsStronger: false });
    expect(outcome(board.ask('bob', 'addComment'))).toBe('commentAdded');
    expect(board.log.at(-1)?.events).toEqual([
      { type: 'memberSet', userId: 'bob', isAdmin: false, roles: { legal: 'member', support: 'member' } },
    ]);
  });

  it('W11: an admin counts as a lead everywhere, and is in a team all the same only with a role there', () => {
    const board = inReview();
    board.tell('ada', 'setRole', { userId: 'ada', teamId: 'sales', role: 'member', keepsStronger: true });
    board.tell('ada', 'setRole', { userId: 'ada', teamId: 'sales', role: 'viewer', keepsStronger: true });
    expect(board.log.at(-1)?.events).toEqual([
      { type: 'memberSet', userId: 'ada', isAdmin: true, roles: { sales: 'member' } },
    ]);
  });

  it('W13: a role in a team of a name that every object has is no role', () => {
    const board = inReview();
    board.tell('ada', 'setMember', { userId: 'bob', roles: JSON.parse('{"toString": "lead"}') });
    expect(outcome(board.ask('bob', 'claimItem'))).toBe('notYourTeam');
  });
});

describe('facts written together', () => {
  it('W21: what bob writes into the item document is recorded, and what he clears is gone', () => {
    const board = inReview();
    board.tell('bob', 'recordFacts', { facts: { company: 'Acme Limited', contact: null, seats: 12 } });
    expect(board.item().facts).toEqual({ title: 'Acme', company: 'Acme Limited', seats: 12 });
  });

  it('W21: the title may change and never goes', () => {
    const board = drafted();
    board.tell('alice', 'recordFacts', { facts: { title: null, seats: 3 } });
    expect(board.item().facts).toEqual({ title: 'Acme', seats: 3 });
    board.tell('alice', 'recordFacts', { facts: { title: 'Acme Berlin' } });
    expect(board.item().facts['title']).toBe('Acme Berlin');
  });

  it('W24: what bob ticks off is counted, alone or along with facts, and an empty list says nothing', () => {
    const board = inReview();
    const { seq } = board.item().responsibility;
    board.tell('bob', 'recordFacts', { facts: {}, checklist: { done: 1, total: 3 } });
    expect(board.log.at(-1)?.events.map(({ type }) => type)).toEqual(['checklistCounted']);
    board.tell('bob', 'recordFacts', { facts: { seats: 12 }, checklist: { done: 2, total: 3 } });
    expect(board.item()).toMatchObject({ checklist: { done: 2, total: 3 }, responsibility: { seq } });
    expect(board.item().facts['seats']).toBe(12);
    board.tell('bob', 'recordFacts', { facts: {}, checklist: { done: 0, total: 0 } });
    expect(board.item()).not.toHaveProperty('checklist');
  });
});
