import type { AcceptHandoff, ReturnHandoff, WithdrawHandoff } from './commands.ts';
import type { Decision, Question } from './question.ts';
import { BOUNCE_NEEDS_LEAD_FROM, bouncesOf } from './bounces.ts';
import { seamsOfRoute, workflowOf } from './graph.ts';
import type { HandoffId } from './ids.ts';
import { checkRoom } from './lane-limit.ts';
import { hasRole, requireRole } from './permissions.ts';
import { asksReadBack } from './read-back.ts';
import { checkReason } from './reason.ts';
import { ok, refused } from './result.ts';
import type { Handoff, Item } from './state.ts';
import { isBlank } from './text.ts';

/** The receiver says yes: step, holder and owner move in one event, and the actor is the owner. */
export function decideAccept({ state, item, command, actor }: Question<AcceptHandoff>): Decision {
  const handoff = openHandoff(item, command.handoffId);
  if (!handoff) return refused({ code: 'noOpenHandoff' });
  const { toTeamId: teamId, toStepId: stepId, route } = handoff;
  const notAllowed = requireRole(state, actor.userId, teamId, 'member');
  if (notAllowed) return notAllowed;
  if (handoff.needsLead && !hasRole(state.members.get(actor.userId), teamId, 'lead')) {
    const bounces =
      route.kind === 'back' && route.seamId !== null ? bouncesOf(item, route.seamId) : BOUNCE_NEEDS_LEAD_FROM;
    return refused({ code: 'bounceNeedsLead', teamId, bounces });
  }
  const { handoffId, order, readBack = '' } = command;
  if (isBlank(readBack) && asksReadBack(workflowOf(state, item), handoff))
    return refused({ code: 'readBackRequired' });
  return (
    checkRoom(state, teamId) ??
    ok([
      {
        type: 'handoffAccepted',
        itemId: item.id,
        handoffId,
        stepId,
        teamId,
        ownerId: actor.userId,
        order,
        isAutomatic: false,
        ...(isBlank(readBack) ? {} : { readBack }),
      },
    ])
  );
}

/** The receiver says no, with a reason; the sender, who was accountable all along, goes on with it. */
export function decideReturn({ state, item, command, actor }: Question<ReturnHandoff>): Decision {
  const handoff = openHandoff(item, command.handoffId);
  if (!handoff) return refused({ code: 'noOpenHandoff' });
  const notAllowed = requireRole(state, actor.userId, handoff.toTeamId, 'member');
  if (notAllowed) return notAllowed;
  const workflow = workflowOf(state, item);
  const { reasonId, note, missing } = command;
  return (
    checkReason(workflow, seamsOfRoute(workflow, handoff.route), command) ??
    ok([
      {
        type: 'handoffReturned',
        itemId: item.id,
        handoffId: handoff.id,
        reason: { reasonId, note, missing },
      },
    ])
  );
}

/** The sender takes the offer back. It leaves no mark on the item. */
export function decideWithdraw({ state, item, command, actor }: Question<WithdrawHandoff>): Decision {
  const handoff = openHandoff(item, command.handoffId);
  if (!handoff) return refused({ code: 'noOpenHandoff' });
  return (
    requireRole(state, actor.userId, handoff.fromTeamId, 'member') ??
    ok([{ type: 'handoffWithdrawn', itemId: item.id, handoffId: handoff.id }])
  );
}

function openHandoff(item: Item, handoffId: HandoffId): Handoff | null {
  return item.handoff?.id === handoffId ? item.handoff : null;
}
