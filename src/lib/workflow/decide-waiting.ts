import type { ResumeWork, StartWaiting } from './commands.ts';
import type { Decision, Question } from './question.ts';
import { endOfDayMs } from './calendar.ts';
import { requireRole } from './permissions.ts';
import { ok, refused } from './result.ts';

/** Nobody promises anything for longer, and until then nothing would be late. */
const WAITING_DAYS_MAX = 366;
const HOUR_MS = 60 * 60 * 1000;
/** A day begins somewhere so much earlier than by UTC, and ends somewhere so much later. */
const DAY_EARLIER_MS = 14 * HOUR_MS;
const DAY_LATER_MS = 12 * HOUR_MS;

/** A typed pause of the holder. An offered item waits for its answer already, so it cannot wait for something else. */
export function decideWaiting({ state, item, command, actor, nowMs }: Question<StartWaiting>): Decision {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, 'member');
  if (notAllowed) return notAllowed;
  if (item.handoff)
    return refused({ code: 'handoffOpen', handoffId: item.handoff.id, toTeamId: item.handoff.toTeamId });
  if (item.waiting) return refused({ code: 'alreadyWaiting' });
  if (command.what.trim() === '') return refused({ code: 'reasonRequired' });
  const { on, what, until } = command;
  if (until !== null && !isAhead(until, nowMs))
    return refused({ code: 'dayOutOfReach', daysMax: WAITING_DAYS_MAX });
  return ok([{ type: 'waitingStarted', itemId: item.id, on, what, until }]);
}

/** Today, wherever that is, or later, though not too late. */
function isAhead(day: string, nowMs: number): boolean {
  const endMs = endOfDayMs(day);
  if (endMs === null) return false;
  return (
    nowMs < endMs + DAY_LATER_MS && endMs - DAY_EARLIER_MS <= nowMs + (WAITING_DAYS_MAX + 1) * 24 * HOUR_MS
  );
}

export function decideResume({ state, item, actor }: Question<ResumeWork>): Decision {
  const notAllowed = requireRole(state, actor.userId, item.holderTeamId, 'member');
  if (notAllowed) return notAllowed;
  if (!item.waiting) return refused({ code: 'notWaiting' });
  return ok([{ type: 'workResumed', itemId: item.id }]);
}
