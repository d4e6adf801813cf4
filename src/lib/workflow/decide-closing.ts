import type { CancelItem, CompleteItem, ReopenItem } from './commands.ts';
import type { Decision, Question } from './question.ts';
import { stepOf, workflowOf } from './graph.ts';
import { requireRole } from './permissions.ts';
import { ok, refused } from './result.ts';

/** Done: by the holder, in a final step. */
export function decideComplete({ state, item, actor }: Question<CompleteItem>): Decision {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, 'member');
  if (notAllowed) return notAllowed;
  if (item.handoff)
    return refused({ code: 'handoffOpen', handoffId: item.handoff.id, toTeamId: item.handoff.toTeamId });
  const step = stepOf(workflowOf(state, item), item.stepId);
  if (!step.isFinal) return refused({ code: 'notFinalStep', stepId: step.id });
  return ok([{ type: 'itemCompleted', itemId: item.id }]);
}

/** Given up, in any step: by a lead of the holder, with a reason. An open offer ends with it. */
export function decideCancel({ state, item, command, actor }: Question<CancelItem>): Decision {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, 'lead');
  if (notAllowed) return notAllowed;
  if (command.reason.trim() === '') return refused({ code: 'reasonRequired' });
  return ok([{ type: 'itemCancelled', itemId: item.id, reason: command.reason }]);
}

/** Back to its last step and holder, unclaimed: by a lead of that team, with a reason. Exempt from the lane's limit. */
export function decideReopen({ state, item, command, actor }: Question<ReopenItem>): Decision {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, 'lead');
  if (notAllowed) return notAllowed;
  if (!item.closed) return refused({ code: 'itemNotClosed' });
  if (command.reason.trim() === '') return refused({ code: 'reasonRequired' });
  return ok([{ type: 'itemReopened', itemId: item.id, reason: command.reason }]);
}
