import type { CreateItem } from './commands.ts';
import type { Decision } from './question.ts';
import { TITLE_KEY, type Facts, type WorkflowVersion } from './definition.ts';
import { checkFacts } from './facts.ts';
import { stepOf } from './graph.ts';
import { checkRoom } from './lane-limit.ts';
import { isPersonOf, requireRole } from './permissions.ts';
import type { Refusal } from './refusals.ts';
import { ok, refused, type Result } from './result.ts';
import { workflowKey, type Actor, type BoardState } from './state.ts';

/** A new item starts in the first step of its workflow, held by that step's team, unclaimed. */
export function decideCreate(state: BoardState, command: CreateItem, actor: Actor): Decision {
  const { itemId, workflowId, workflowVersion, facts, order } = command;
  const workflow = state.workflows.get(workflowKey(workflowId, workflowVersion));
  if (!workflow) return refused({ code: 'noSuchWorkflow' });
  const { id: stepId, teamId } = stepOf(workflow, workflow.startStepId);
  const notAllowed = requireRole(state, actor.userId, teamId, 'member');
  if (notAllowed) return notAllowed;
  if (state.items.has(itemId)) return refused({ code: 'itemExists' });
  const number = state.nextNumber;
  const key = `${workflow.keyPrefix}-${number}`;
  return (
    checkFirstFacts(state, workflow, facts) ??
    checkRoom(state, teamId) ??
    ok([
      { type: 'itemCreated', itemId, number, key, workflowId, workflowVersion, stepId, teamId, facts, order },
    ])
  );
}

/** All that is given must be valid, and the title must be given. */
function checkFirstFacts(
  state: BoardState,
  workflow: WorkflowVersion,
  facts: Facts,
): Result<never, Refusal> | null {
  const faults = checkFacts(workflow, facts, isPersonOf(state));
  if (faults.length > 0) return refused({ code: 'factsInvalid', faults });
  if (Object.hasOwn(facts, TITLE_KEY)) return null;
  return refused({ code: 'factsInvalid', faults: [{ field: TITLE_KEY, problem: 'empty' }] });
}
