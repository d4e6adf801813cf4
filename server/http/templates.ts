import { Hono } from 'hono';
import type { TemplatesAnswer, TemplateSummary } from '#lib/protocol/api.ts';
import type { WorkflowTemplate } from '#lib/workflow/templates/template.ts';
import { WORKFLOW_TEMPLATES } from '#lib/workflow/templates/templates.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';

/** `/api/v1/templates`: the workflows that a new board can start from. */
export function createTemplateRoutes({ auth }: AppDeps): Hono {
  const answer: TemplatesAnswer = { templates: WORKFLOW_TEMPLATES.map(summaryOf) };
  const routes = new Hono();
  routes.get('/', async (c) => {
    await requireUser(c, auth);
    return c.json(answer);
  });
  return routes;
}

function summaryOf({ id, name, summary, teams, workflow }: WorkflowTemplate): TemplateSummary {
  return {
    id,
    name,
    summary,
    teams: teams.map((team) => ({ key: team.key, name: team.name, color: team.color })),
    steps: workflow.steps.map((step) => ({ name: step.name, team: step.teamKey })),
  };
}
