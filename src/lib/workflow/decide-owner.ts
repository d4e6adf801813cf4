import type { AssignOwner, ClaimItem } from './commands.ts';
import type { Decision, Question } from './question.ts';
import { mayOwn, requireRole } from './permissions.ts';
import { ok, refused } from './result.ts';

/** "I have it": the actor becomes the owner. Taking over from a colleague is allowed, and in the log. */
export function decideClaim({ state, item, actor }: Question<ClaimItem>): Decision {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, 'member');
  if (notAllowed) return notAllowed;
  if (item.ownerId === actor.userId) return refused({ code: 'alreadyOwner' });
  return ok([{ type: 'itemClaimed', itemId: item.id, ownerId: actor.userId }]);
}

export function decideAssign({ state, item, command, actor }: Question<AssignOwner>): Decision {
  const { ownerId } = command;
  const teamId = item.holderTeamId;
  const notAllowed = requireRole(state, actor.userId, teamId, 'member');
  if (notAllowed) return notAllowed;
  if (item.ownerId === ownerId) return refused({ code: 'alreadyOwner' });
  if (ownerId !== null && !mayOwn(state, ownerId, teamId)) return refused({ code: 'ownerNotInTeam', teamId });
  return ok([{ type: 'ownerAssigned', itemId: item.id, ownerId }]);
}
