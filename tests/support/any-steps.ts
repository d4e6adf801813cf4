import fc from 'fast-check';
import type { AnyCommand, Basis } from '../../src/lib/workflow/commands.ts';
import { seamsFrom, seamsOfRoute } from '../../src/lib/workflow/graph.ts';
import type { ItemId, TeamId } from '../../src/lib/workflow/ids.ts';
import { placeOf } from '../../src/lib/workflow/place.ts';
import type { Decision } from '../../src/lib/workflow/question.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import { LEGAL, PROVISIONING, SALES, SUPPORT, TestBoard, WORKFLOW, type PersonName } from './board.ts';

/** Arbitrary steps of arbitrary people, for properties of the rules. */

export const TEAMS: readonly TeamId[] = [SALES, LEGAL, PROVISIONING, SUPPORT];
const MEMBER_BY_TEAM: readonly PersonName[] = ['alice', 'bob', 'carol', 'dave'];
export const ITEMS = ['item-1', 'item-2', 'item-3'];
export const PEOPLE: readonly PersonName[] = [
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
export interface Step {
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

export const contents = {
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
  startWaiting: fc.record({ what: words, until: fc.constantFrom(null, '2026-12-01', '2026-11-01') }),
  resumeWork: fc.constant({}),
  completeItem: fc.constant({}),
  cancelItem: fc.record({ reason: words }),
  reopenItem: fc.record({ reason: words }),
  orderItem: fc.record({ order }),
  addComment: fc.record({ text: words }),
  linkItems: fc.record({
    otherId: itemId,
    kind: fc.constantFrom('blocks', 'blocks', 'blockedBy', 'relatesTo', 'duplicates', 'duplicatedBy'),
  }),
  unlinkItems: fc.record({ otherId: itemId }),
  recordFacts: fc.record({
    facts: fc.constantFrom<object>(
      { company: 'Acme AG' },
      { company: null },
      { title: 'Other', signed: false },
      { title: null },
    ),
    checklist: fc.constantFrom({ done: 0, total: 0 }, { done: 1, total: 3 }),
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
  linkItems: 4,
  unlinkItems: 1,
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

export const step: fc.Arbitrary<Step> = fc.oneof(
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
export const steps = fc.array(step, { minLength: 20, maxLength: 200, size: 'max' });
export function newBoard(): TestBoard {
  return new TestBoard({ limits: { legal: 1, support: 1 } });
}

/** Plays the steps; what is seen on the way is told after each. */
export function play(
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

export function itemsOf({ state }: TestBoard): Item[] {
  return ITEMS.map((id) => state.items.get(id as ItemId)).filter((item) => item !== undefined);
}
