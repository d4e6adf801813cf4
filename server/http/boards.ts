import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { BoardsAnswer, BoardSummary, CreateBoardAnswer } from '#lib/protocol/api.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { strongestRole } from '#lib/workflow/permissions.ts';
import { instantiateTemplate } from '#lib/workflow/templates/instantiate.ts';
import { sampleCommands } from '#lib/workflow/templates/sample-commands.ts';
import type { WorkflowTemplate } from '#lib/workflow/templates/template.ts';
import { findTemplate } from '#lib/workflow/templates/templates.ts';
import { AppError } from '../errors.ts';
import { BoardStore, type ListedBoard, type NewBoard } from '../persistence/board-store.ts';
import type { AppDeps } from './app-deps.ts';
import { requireUser } from './asking-user.ts';
import { createBoardForm } from './forms.ts';
import { readForm } from './read-json.ts';

/** `/api/v1/boards`: the boards of the person who asks, and making one. */
export function createBoardRoutes({ auth, database, now }: AppDeps): Hono {
  const boards = new BoardStore(database.db);
  const routes = new Hono();

  routes.get('/', async (c) => {
    const { userId } = await requireUser(c, auth);
    const listed = await boards.listForUser(userId);
    return c.json({ boards: listed.map(summaryOf) } satisfies BoardsAnswer);
  });

  routes.post('/', async (c) => {
    const { userId, isAdmin } = await requireUser(c, auth);
    if (!isAdmin) throw new AppError('notAllowed');
    const { name, templateId, withSamples } = await readForm(c, createBoardForm);
    const template = findTemplate(templateId);
    if (template === null) throw new AppError('malformed', { path: 'templateId' });
    const board = newBoard({ name, template, withSamples, createdBy: userId });
    await boards.create(board, now());
    return c.json({ id: board.id } satisfies CreateBoardAnswer, 201);
  });

  return routes;
}

function newBoard(options: {
  name: string;
  template: WorkflowTemplate;
  withSamples: boolean;
  createdBy: UserId;
}): NewBoard {
  const { name, template, withSamples, createdBy } = options;
  const ground = instantiateTemplate(template, randomUUID);
  return {
    id: randomUUID() as string as BoardId,
    name,
    teams: ground.teams,
    workflow: ground.workflow,
    createdBy,
    firstCommands: withSamples ? sampleCommands(ground, createdBy, randomUUID) : [],
  };
}

function summaryOf({ id, name, isAdmin, roles }: ListedBoard): BoardSummary {
  // Whoever has no role is not listed.
  return { id, name, role: strongestRole({ isAdmin, roles }) ?? 'viewer' };
}
