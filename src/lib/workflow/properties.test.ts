import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LEGAL,
  MEMBERS,
  PROVISIONING,
  SALES,
  SUPPORT,
  TestBoard,
  WORKFLOW,
} from '../../../tests/support/board.ts';
import type { PersonName } from '../../../tests/support/board.ts';
import { emptyBoard, forkBoard } from './board-state.ts';
import type { AnyCommand, Basis } from './commands.ts';
import { evolve } from './evolve.ts';
import { findStep, seamsFrom, seamsOfRoute } from './graph.ts';
import type { ItemId, TeamId, UserId } from './ids.ts';
import { laneVerdict, legalMoves } from './legal-moves.ts';
import { compareItems } from './order.ts';
import { placeOf } from './place.ts';
import type { Decision } from './question.ts';
import type { Refusal, RefusalCode } from './refusals.ts';
import type { Item } from './state.ts';

const TEAMS: readonly TeamId[] = [SALES, LEGAL, PROVISIONING, SUPPORT];
const MEMBER_BY_TEAM: readonly PersonName[] = ['alice', 'bob', 'carol', 'dave'];
const ITEMS = ['item-1', 'item-2', 'item-3'];
const PEOPLE: readonly PersonName[] = [
  'alice',
  'amy',
  'bob',
  'ben',
  'carol',
  'cleo',
  'dave',
  'vera',
  'ada',
  'mallory',
];

/** One thing somebody does; what it names is chosen from small sets, so that arbitrary steps meet often. */
interface Step {
  readonly by: PersonName;
  readonly type: AnyCommand['type'];
  readonly fields: Readonly<Record<string, unknown>>;
  /** now: what stands there; stale: nothing seen yet; chained: on top of the command before, whatever became of it. */
  readonly basis: 'now' | 'stale' | 'chained';
  /** Picks a person whose turn it is, and a seam or reason that fits, in place of arbitrary ones; null: keep those. */
  readonly fitting: number | null;
}

const itemId = fc.constantFrom(...ITEMS);
const facts = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constant({ company: 'Acme', contact: 'alice', startDate: '2026-12-01', signed: true }),
  },
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ company: ' ' }, { startDate: 'soon' }, { ghost: 1 }, { contact: 'mallory' }),
  },
);
const words = fc.oneof(
  { weight: 5, arbitrary: fc.constant('Because') },
  { weight: 1, arbitrary: fc.constant(' ') },
);
const reasonId = fc.constantFrom(null, 'incomplete', 'too-cheap', 'ghost');
const missing = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom([], ['company']) },
  { weight: 1, arbitrary: fc.constant(['ghost']) },
);
const order = fc.constantFrom('a0', 'a1', 'a1V', 'Zz');
const stepId = fc.constantFrom(...WORKFLOW.steps.map((step) => step.id as string), 'ghost');
const seamId = fc.constantFrom(...WORKFLOW.seams.map((seam) => seam.id as string), 'ghost');
const roles = fc.dictionary(fc.constantFrom<string>(...TEAMS), fc.constantFrom('viewer', 'member', 'lead'));

const contents = {
  createItem: fc.record({
    facts: fc.constantFrom({ title: 'Acme' }, { title: 'Acme' }, { title: ' ' }, {}),
    order,
    workflowVersion: fc.constantFrom(1, 1, 1, 2),
  }),
  claimItem: fc.constant({}),
  assignOwner: fc.record({ ownerId: fc.constantFrom(null, ...PEOPLE) }),
  offerHandoff: fc.record({ seamId, facts }),
  offerDeviation: fc.record({ toStepId: stepId, facts, reason: words }),
  acceptHandoff: fc.record({ order, readBack: words }),
  returnHandoff: fc.record({ reasonId, note: words, missing }),
  withdrawHandoff: fc.constant({}),
  sendBack: fc.record({ reasonId, note: words, missing }),
  nudgeItem: fc.constant({}),
  startWaiting: fc.record({ what: words, until: fc.constantFrom(null, '2026-12-01') }),
  resumeWork: fc.constant({}),
  completeItem: fc.constant({}),
  cancelItem: fc.record({ reason: words }),
  reopenItem: fc.record({ reason: words }),
  orderItem: fc.record({ order }),
  addComment: fc.record({ text: words }),
  recordFacts: fc.record({
    facts: fc.constantFrom<object>(
      { company: 'Acme AG' },
      { company: null },
      { title: 'Other', signed: false },
      { title: null },
    ),
  }),
  setMember: fc.record({
    userId: fc.constantFrom('bob', 'dave', 'vera'),
    isAdmin: fc.constant(false),
    roles,
  }),
  setRole: fc.record({
    userId: fc.constantFrom('bob', 'dave', 'vera'),
    teamId: fc.constantFrom('sales', 'legal', 'provisioning'),
    role: fc.constantFrom('viewer', 'member', 'lead', null),
    keepsStronger: fc.boolean(),
  }),
} satisfies Record<AnyCommand['type'], fc.Arbitrary<object>>;

/** Handing on and answering happen most; closing and changes of role seldom, or nothing would go far. */
const weights: Partial<Record<AnyCommand['type'], number>> = {
  createItem: 4,
  offerHandoff: 14,
  acceptHandoff: 18,
  sendBack: 10,
  returnHandoff: 3,
  offerDeviation: 2,
  withdrawHandoff: 2,
  completeItem: 2,
  cancelItem: 2,
  setMember: 1,
  setRole: 1,
};

const step: fc.Arbitrary<Step> = fc.oneof(
  ...(Object.keys(contents) as AnyCommand['type'][]).map((type) => ({
    weight: weights[type] ?? 3,
    arbitrary: fc.record<Step>({
      // Mostly an admin, who is let through to the rules behind the permissions.
      by: fc.oneof(
        { weight: 2, arbitrary: fc.constant<PersonName>('ada') },
        { weight: 3, arbitrary: fc.constantFrom(...PEOPLE) },
      ),
      type: fc.constant(type),
      fields: fc
        .tuple(itemId, contents[type] as fc.Arbitrary<object>)
        .map(([id, more]) => ({ itemId: id, ...more })),
      basis: fc.constantFrom('now', 'now', 'now', 'now', 'now', 'now', 'now', 'chained', 'stale'),
      fitting: fc.option(fc.nat(5), { freq: 5 }),
    }),
  })),
);
const steps = fc.array(step, { minLength: 20, maxLength: 200, size: 'max' });
const runs = { numRuns: 150 };

function newBoard(): TestBoard {
  return new TestBoard({ limits: { legal: 1, support: 1 } });
}

/** Plays the steps; what is seen on the way is told after each. */
function play(
  board: TestBoard,
  taken: readonly Step[],
  onEach: (decision: Decision, command: AnyCommand, by: PersonName) => void = () => {},
): void {
  let last: AnyCommand | null = null;
  for (const { type, fields, basis, fitting, ...arbitrary } of taken) {
    const by = fitting === null ? arbitrary.by : (fittingPerson(board, fields, fitting) ?? arbitrary.by);
    const more = fitting === null ? {} : fittingFields(board, type, fields, fitting);
    const plain = board.command(type, { ...fields, ...more });
    const based: Basis | null =
      basis === 'stale' ? { seq: 0 } : basis === 'chained' && last ? { after: last.id } : null;
    const command: AnyCommand = based === null ? plain : ({ ...plain, basis: based } as AnyCommand);
    onEach(board.submit(by, command), command, by);
    last = command;
  }
}

/** A plain member of the team in whose lane the item is drawn, for it is their turn; or the admin, or null: anybody. */
function fittingPerson(board: TestBoard, fields: Step['fields'], choice: number): PersonName | null {
  if (choice === 4) return 'ada';
  const item = board.state.items.get(fields['itemId'] as ItemId);
  const teamId = item === undefined ? SALES : (placeOf(item)?.teamId ?? item.holderTeamId);
  return choice < 4 ? (MEMBER_BY_TEAM[TEAMS.indexOf(teamId)] ?? null) : null;
}

/** What a person would choose: a seam that leads on from here, a reason that the seam lists. */
function fittingFields(board: TestBoard, type: Step['type'], fields: Step['fields'], choice: number): object {
  const item = board.state.items.get(fields['itemId'] as ItemId);
  if (item === undefined) return {};
  const route = type === 'sendBack' ? item.trail.at(-1)?.route : item.handoff?.route;
  const reasons =
    route === undefined ? [] : seamsOfRoute(WORKFLOW, route).flatMap((seam) => seam.returnReasons);
  if (type === 'returnHandoff' || type === 'sendBack') return { reasonId: pick(reasons, choice)?.id ?? null };
  return type === 'offerHandoff' ? { seamId: pick(seamsFrom(WORKFLOW, item.stepId), choice)?.id } : {};
}

function pick<Value>(values: readonly Value[], choice: number): Value | undefined {
  return values[choice % values.length];
}

/** All of a board's state that can be compared. */
function snapshot({ state }: TestBoard): unknown {
  return structuredClone({
    seq: state.seq,
    nextNumber: state.nextNumber,
    items: ITEMS.map((id) => state.items.get(id as ItemId)),
    heldCounts: TEAMS.map((id) => state.heldCounts.get(id) ?? 0),
    members: PEOPLE.map((name) => state.members.get(name as UserId)),
  });
}

function itemsOf({ state }: TestBoard): Item[] {
  return ITEMS.map((id) => state.items.get(id as ItemId)).filter((item) => item !== undefined);
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(part);
}

describe('whatever anybody does, in any order', () => {
  it('W70: the log replayed from empty, and through JSON, equals the state', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        const replayed = emptyBoard(board.ground);
        for (const entry of JSON.parse(JSON.stringify(board.log)) as typeof board.log)
          evolve(replayed, entry);
        expect(replayed.items).toEqual(board.state.items);
        expect(replayed.heldCounts).toEqual(board.state.heldCounts);
        expect(replayed.members).toEqual(board.state.members);
        expect([replayed.seq, replayed.nextNumber]).toEqual([board.state.seq, board.state.nextNumber]);
        for (const { commandId, seq } of board.log) {
          expect(replayed.verdicts.get(commandId)).toEqual({ accepted: true, seq });
        }
      }),
      runs,
    );
  });

  it('W70: seq is gap-free from 1, and an item remembers the last that touched it', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        expect(board.log.map((entry) => entry.seq)).toEqual(board.log.map((_, index) => index + 1));
        expect(board.state.seq).toBe(board.log.length);
        for (const item of itemsOf(board)) {
          const touching = board.log.filter((entry) =>
            entry.events.some((event) => 'itemId' in event && event.itemId === item.id),
          );
          expect(item.seq).toBe(touching.at(-1)?.seq);
          expect(item.responsibility.seq).toBeLessThanOrEqual(item.seq);
        }
      }),
      runs,
    );
  });

  it('W71: a refusal changes nothing', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        let before = snapshot(board);
        play(board, taken, (decision) => {
          if (!decision.ok) expect(snapshot(board)).toEqual(before);
          before = snapshot(board);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('W72: deciding changes neither the state nor the command, and gives the same answer twice', () => {
    fc.assert(
      fc.property(steps, step, (taken, { by, type, fields }) => {
        const board = newBoard();
        play(board, taken);
        const command = board.command(type, fields);
        itemsOf(board).forEach(deepFreeze);
        deepFreeze(board.ground);
        deepFreeze(command);
        // Maps cannot be frozen: a state whose every write throws shows that none is made.
        const forbid = (): never => {
          throw new Error('deciding wrote to the state');
        };
        for (const lookup of [
          board.state.items,
          board.state.members,
          board.state.heldCounts,
          board.state.verdicts,
        ]) {
          lookup.set = forbid;
        }
        Object.freeze(board.state);
        expect(board.decide(by, command)).toEqual(board.decide(by, command));
      }),
      runs,
    );
  });

  it('W73: a fork plays on to the same end as the state itself would, and leaves that untouched', () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const board = newBoard();
        const played = newBoard();
        play(board, first);
        play(played, first);
        const before = snapshot(board);
        play(played, second);

        const fork = forkBoard(forkBoard(board.state));
        for (const entry of played.log.slice(board.log.length)) evolve(fork, entry);
        expect(snapshot(board)).toEqual(before);
        expect(ITEMS.map((id) => fork.items.get(id as ItemId))).toEqual(
          ITEMS.map((id) => played.state.items.get(id as ItemId)),
        );
        expect(TEAMS.map((id) => fork.heldCounts.get(id) ?? 0)).toEqual(
          TEAMS.map((id) => played.state.heldCounts.get(id) ?? 0),
        );
        expect([fork.seq, fork.nextNumber]).toEqual([played.state.seq, played.state.nextNumber]);
        for (const [id, item] of fork.changedItems()) expect(played.state.items.get(id)).toEqual(item);
      }),
      runs,
    );
  });

  it('W32, W74: exactly one holder, at most one open handoff, and one place to be drawn in', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken, () => {
          for (const item of itemsOf(board)) {
            // The holder is the team of the step: there is no moment at which the two disagree.
            expect(findStep(WORKFLOW, item.stepId)?.teamId).toBe(item.holderTeamId);
            const { handoff, waiting, closed } = item;
            if (handoff)
              expect([handoff.fromTeamId, handoff.fromStepId]).toEqual([item.holderTeamId, item.stepId]);
            if (handoff) expect(handoff.toTeamId).not.toBe(item.holderTeamId);
            expect([handoff, waiting, closed].filter((phase) => phase !== null).length).toBeLessThanOrEqual(
              1,
            );
            const lanes = TEAMS.filter((teamId) => placeOf(item)?.teamId === teamId);
            expect(lanes).toHaveLength(closed ? 0 : 1);
          }
        });
        const opened = new Map<string, number>();
        for (const event of board.log.flatMap((entry) => entry.events)) {
          if (!('itemId' in event)) continue;
          if (event.type === 'handoffOffered') opened.set(event.itemId, (opened.get(event.itemId) ?? 0) + 1);
          if (
            ['handoffAccepted', 'handoffReturned', 'handoffWithdrawn', 'itemCancelled'].includes(event.type)
          ) {
            opened.set(event.itemId, 0);
          }
          expect(opened.get(event.itemId) ?? 0).toBeLessThanOrEqual(1);
        }
      }),
      runs,
    );
  });

  it('W61: the counts of held items equal a recount', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken, () => {
          for (const teamId of TEAMS) {
            const held = itemsOf(board).filter(
              (item) => item.closed === null && item.holderTeamId === teamId,
            );
            expect(board.state.heldCounts.get(teamId) ?? 0).toBe(held.length);
          }
        });
      }),
      runs,
    );
  });

  it('W80, W81: every move that is said to be legal is, and every lane has an answer', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(...PEOPLE), (taken, by) => {
        const board = newBoard();
        play(board, taken);
        const actor = { userId: by as UserId };
        for (const item of itemsOf(board)) {
          for (const { route, refusal, toStep } of legalMoves(board.state, item, actor)) {
            const fields = {
              itemId: item.id,
              facts: { company: 'Acme', contact: 'alice', startDate: '2026-12-01', signed: true },
            };
            if (route.kind === 'back') continue;
            const decision =
              route.kind === 'seam'
                ? board.ask(by, 'offerHandoff', { ...fields, seamId: route.seamId })
                : board.ask(by, 'offerDeviation', { ...fields, toStepId: toStep.id });
            expect(decision.ok ? null : decision.refusal).toEqual(refusal);
          }
          for (const teamId of TEAMS) {
            const verdict = laneVerdict(board.state, item, actor, teamId);
            if (verdict.kind === 'moves')
              expect(verdict.moves.every((move) => move.refusal === null)).toBe(true);
          }
        }
      }),
      runs,
    );
  });

  it('W74: a column is in one order, whoever sorts it', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        const items = itemsOf(board);
        expect([...items].sort(compareItems)).toEqual([...items].reverse().sort(compareItems));
      }),
      { numRuns: 30 },
    );
  });
});

describe('these properties are about something', () => {
  it('W1: every command is accepted, and every refusal that the rules can give is given, at least once', () => {
    const accepted = new Set<string>();
    const refused = new Set<RefusalCode>();
    const routes = new Set<string>();
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken, (decision, command) => {
          if (!decision.ok) refused.add(decision.refusal.code);
          else accepted.add(command.type);
          for (const event of decision.ok ? decision.value : []) {
            if (event.type === 'handoffOffered') routes.add(event.route.kind);
          }
        });
      }),
      // A fixed seed: whether a search finds everything must not depend on the day.
      { numRuns: 1_000, seed: 20_261_123 },
    );
    const reachable: Record<Exclude<Refusal['code'], 'malformed' | 'idReused'>, true> = {
      notAllowed: true,
      notYourTeam: true,
      noSuchItem: true,
      itemExists: true,
      noSuchWorkflow: true,
      noSuchStep: true,
      noSuchSeam: true,
      seamExists: true,
      gateIncomplete: true,
      factsInvalid: true,
      itemMovedOn: true,
      dependsOnRefused: true,
      itemClosed: true,
      itemNotClosed: true,
      handoffOpen: true,
      noOpenHandoff: true,
      alreadyWaiting: true,
      notWaiting: true,
      alreadyOwner: true,
      nudgedLately: true,
      ownerNotInTeam: true,
      reasonRequired: true,
      noSuchReason: true,
      readBackRequired: true,
      laneFull: true,
      notFinalStep: true,
      nothingToSendBack: true,
      bounceNeedsLead: true,
    };
    expect(Object.keys(contents).filter((type) => !accepted.has(type))).toEqual([]);
    expect(Object.keys(reachable).filter((code) => !refused.has(code as RefusalCode))).toEqual([]);
    expect([...routes].sort()).toEqual(['back', 'detour', 'seam', 'skip']);
    expect(MEMBERS.length).toBeGreaterThanOrEqual(3);
  });
});
