import { blank } from './blank.ts';
import { changeRequest } from './change-request.ts';
import { customerOnboarding } from './customer-onboarding.ts';
import { employeeOnboarding } from './employee-onboarding.ts';
import type { WorkflowTemplate } from './template.ts';

/** The workflows a new board can start from, in the order in which they are offered. */
export const WORKFLOW_TEMPLATES: readonly WorkflowTemplate[] = [
  customerOnboarding,
  employeeOnboarding,
  changeRequest,
  blank,
];

export function findTemplate(id: string): WorkflowTemplate | null {
  return WORKFLOW_TEMPLATES.find((template) => template.id === id) ?? null;
}
