import type { ResumeWork, StartWaiting } from './commands.ts';
import type { Decision, Question } from './question.ts';
import { requireRole } from './permissions.ts';
import { ok, refused } from './result.ts';

/** A typed pause of the holder. An offered item waits for its answer already, so it cannot wait for something else. */
export function decideWaiting({ state, item, command, actor }: Question<StartWaiting>): Decision {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, 'member');
  if (notAllowed) return notAllowed;
  if (item.handoff)
    return refused({ code: 'handoffOpen', handoffId: item.handoff.id, toTeamId: item.handoff.toTeamId });
  if (item.waiting) return refused({ code: 'alreadyWaiting' });
  if (command.what.trim() === '') return refused({ code: 'reasonRequired' });
  const { on, what, until } = command;
  return ok([{ type: 'waitingStarted', itemId: item.id, on, what, until }]);
}

export function decideResume({ state, item, actor }: Question<ResumeWork>): Decision {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, 'member');
  if (notAllowed) return notAllowed;
  if (!item.waiting) return refused({ code: 'notWaiting' });
  return ok([{ type: 'workResumed', itemId: item.id }]);
}
