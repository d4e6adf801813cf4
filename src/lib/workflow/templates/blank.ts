import type { StepId } from '../ids.ts';
import { seam, step } from './template.ts';
import type { WorkflowTemplate } from './template.ts';

export const blank: WorkflowTemplate = {
  id: 'blank',
  name: 'Blank board',
  summary: 'Three teams and three steps without rules, to be made your own.',
  teams: [
    { key: 'first', name: 'First team', color: 'blue', itemLimit: null },
    { key: 'second', name: 'Second team', color: 'orange', itemLimit: null },
    { key: 'third', name: 'Third team', color: 'teal', itemLimit: null },
  ],
  workflow: {
    keyPrefix: 'ITEM',
    startStepId: 'first' as StepId,
    steps: [
      step('first', 'First step', 'first', { workDays: null }),
      step('second', 'Second step', 'second', { workDays: null }),
      step('third', 'Third step', 'third', { workDays: null, isFinal: true }),
    ],
    seams: [seam('first', 'second'), seam('second', 'third')],
    fields: [],
  },
  sampleItems: [],
};
