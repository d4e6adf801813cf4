import { expect, test } from 'vitest';
import type { Field, Seam, WorkflowVersion } from '#lib/workflow/definition.ts';
import type { FieldKey, SeamId, StepId, TeamId, WorkflowId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';
import { fieldGroups } from './item-fields.ts';

function field(key: string): Field {
  return { key: key as FieldKey, label: key, type: 'text', hint: '', choices: [] };
}
function seam(to: string, ...needs: string[]): Seam {
  return {
    id: `to-${to}` as SeamId,
    fromStepId: 'draft' as StepId,
    toStepId: to as StepId,
    isAutomatic: false,
    needs: needs.map((key) => ({ kind: 'fact', field: key as FieldKey })),
    returnReasons: [],
    gapLimitMs: null,
  };
}
function step(id: string, team: string) {
  return { id: id as StepId, name: id, teamId: team as TeamId, isFinal: false, workLimitMs: null };
}
const workflow: WorkflowVersion = {
  id: 'wf' as WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: 'draft' as StepId,
  steps: [step('draft', 'sales'), step('review', 'legal'), step('setup', 'provisioning')],
  seams: [seam('review', 'company', 'value'), seam('setup', 'company', 'contact')],
  fields: ['company', 'value', 'contact', 'phone', 'notes'].map(field),
};
const item = { stepId: 'draft', closed: null, handoff: null } as unknown as Item;

function groupsOf(facts: Item['facts'], known: readonly string[] = [], of = item) {
  return fieldGroups({ workflow, item: of, facts }, new Set(known)).map((group) => ({
    key: group.key,
    progress: group.gate?.progress,
    fields: group.fields.map(({ field: { key }, isMissing }) => (isMissing ? `${key}?` : key)),
  }));
}

test('what Legal and Provisioning need comes first, each field once, then what is known, then the rest', () => {
  expect(groupsOf({ company: 'Acme', phone: '1' }, ['phone'])).toEqual([
    { key: 'to-review', progress: { ready: 1, needed: 2 }, fields: ['company', 'value?'] },
    { key: 'to-setup', progress: { ready: 1, needed: 2 }, fields: ['contact?'] },
    { key: 'known', progress: undefined, fields: ['phone'] },
    { key: 'other', progress: undefined, fields: ['notes'] },
  ]);
});

test('a field that alice fills in stays where it is under her hand', () => {
  expect(groupsOf({ notes: 'N' }).at(-1)?.fields).toEqual(['phone', 'notes']);
});

test('a closed item needs nothing any more', () => {
  const closed = { ...item, closed: { kind: 'completed' } } as unknown as Item;
  expect(groupsOf({ company: 'Acme' }, ['company'], closed).map(({ key }) => key)).toEqual([
    'known',
    'other',
  ]);
});
