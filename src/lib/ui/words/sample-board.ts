import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type {
  FieldKey,
  ItemId,
  ReasonId,
  SeamId,
  StepId,
  TeamId,
  UserId,
  WorkflowId,
} from '#lib/workflow/ids.ts';
import type { Item, Team } from '#lib/workflow/state.ts';
import { namesFrom, type Names } from './names.ts';

/** A board of two teams for the tests of words: alice of Sales, bob of Legal. */
export const alice = 'alice' as UserId;
export const bob = 'bob' as UserId;
export const sales = 'sales' as TeamId;
export const legal = 'legal' as TeamId;
export const toLegal = 'to-legal' as SeamId;
export const draft = 'draft' as StepId;
export const review = 'review' as StepId;
export const contractValue = 'contractValue' as FieldKey;
export const startDate = 'startDate' as FieldKey;
export const wrongEntity = 'wrong-entity' as ReasonId;

const workflow: WorkflowVersion = {
  id: 'wf' as WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: draft,
  steps: [
    { id: draft, name: 'Draft', teamId: sales, isFinal: false, workLimitMs: null },
    { id: review, name: 'Review', teamId: legal, isFinal: true, workLimitMs: null },
  ],
  seams: [
    {
      id: toLegal,
      fromStepId: draft,
      toStepId: review,
      isAutomatic: false,
      needs: [{ kind: 'fact', field: contractValue }],
      returnReasons: [{ id: wrongEntity, label: 'Wrong company' }],
      gapLimitMs: null,
    },
  ],
  fields: [
    { key: contractValue, label: 'Contract value', type: 'number', hint: '', choices: [] },
    { key: startDate, label: 'Start date', type: 'date', hint: '', choices: [] },
  ],
};

const teams = new Map<TeamId, Team>([
  [sales, { id: sales, name: 'Sales', color: 'blue', position: 0, itemLimit: null }],
  [legal, { id: legal, name: 'Legal', color: 'magenta', position: 1, itemLimit: 6 }],
]);

export function namesFor(me: UserId): Names {
  const people = new Map([
    [alice, { name: 'Alice Amsel' }],
    [bob, { name: 'Bob Bach' }],
  ]);
  const roles = { [me === alice ? sales : legal]: 'member' } as const;
  return namesFrom({ me, people, member: { userId: me, isAdmin: false, roles }, teams, workflow });
}

export function itemWith(more: Partial<Item>): Item {
  return {
    id: 'item' as ItemId,
    number: 12,
    key: 'ONB-12',
    workflowId: workflow.id,
    workflowVersion: 1,
    facts: { title: 'Northwind' },
    stepId: draft,
    holderTeamId: sales,
    ownerId: null,
    handoff: null,
    returned: null,
    waiting: null,
    closed: null,
    trail: [],
    bounces: {},
    deviations: 0,
    order: 'a0',
    createdAt: 0,
    heldSince: 0,
    commentCount: 0,
    seq: 1,
    responsibility: { seq: 1, by: alice, at: 0, event: 'itemCreated' },
    lastCommands: [],
    ...more,
  };
}
