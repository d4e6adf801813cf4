import { checkBasis } from './basis.ts';
import type { AnyCommand, Command } from './commands.ts';
import { decideHandoffOffer, decideDeviation } from './decide-offer.ts';
import { decideAccept, decideReturn, decideWithdraw } from './decide-answer.ts';
import { decideSendBack } from './decide-send-back.ts';
import { decideCancel, decideComplete, decideReopen } from './decide-closing.ts';
import { decideCreate } from './decide-create.ts';
import { decideNudge } from './decide-nudge.ts';
import { decideAssign, decideClaim } from './decide-owner.ts';
import { decideLink, decideUnlink } from './decide-relations.ts';
import { decideResume, decideWaiting } from './decide-waiting.ts';
import { TITLE_KEY } from './definition.ts';
import type { TeamId } from './ids.ts';
import { holdsRole, mayAct, requireRole } from './permissions.ts';
import type { Decision, Question } from './question.ts';
import { ok, refused } from './result.ts';
import type { Actor, BoardState, Item, Role } from './state.ts';

/**
 * The one place that knows the rules: the events a command leads to, or why not. Pure: reads nothing but its arguments
 * and changes none of them, so the browser can ask before the drop and the server decides the same way after it.
 */
export function decide(state: BoardState, command: AnyCommand, actor: Actor, nowMs: number): Decision {
  if (command.type === 'setMember') {
    const { userId, isAdmin, roles } = command;
    return ok([{ type: 'memberSet', userId, isAdmin, roles }]);
  }
  if (command.type === 'setRole') return decideRole(state, command);
  // Before anything is looked up, so that the answer tells nobody what exists.
  if (!mayAct(state.members.get(actor.userId))) return refused({ code: 'notAllowed' });
  if (command.type === 'createItem') return decideCreate(state, command, actor);
  const item = state.items.get(command.itemId);
  if (!item) return refused({ code: 'noSuchItem' });
  if (command.type === 'recordFacts') return decideRecord(item, command);
  return decideOnItem({ state, item, command, actor, nowMs });
}

/** The other roles are read here and not sent along: two changes at the same time must not undo each other. */
function decideRole(state: BoardState, command: Extract<AnyCommand, { type: 'setRole' }>): Decision {
  const { userId, teamId, role, keepsStronger } = command;
  const member = state.members.get(userId);
  const roles: Record<TeamId, Role> = { ...member?.roles };
  if (role === null) delete roles[teamId];
  else if (!keepsStronger || !holdsRole({ roles }, teamId, role)) roles[teamId] = role;
  return ok([{ type: 'memberSet', userId, isAdmin: member?.isAdmin ?? false, roles }]);
}

/** Everything but the removal of the title, which every item has: the last one stays. */
function decideRecord(item: Item, recorded: Extract<AnyCommand, { type: 'recordFacts' }>): Decision {
  const { checklist } = recorded;
  const isKept = recorded.facts[TITLE_KEY] === null;
  const facts = isKept
    ? Object.fromEntries(Object.entries(recorded.facts).filter(([key]) => key !== TITLE_KEY))
    : recorded.facts;
  const counted = checklist && ({ type: 'checklistCounted', itemId: item.id, checklist } as const);
  if (counted && Object.keys(facts).length === 0) return ok([counted]);
  return ok([{ type: 'factsRecorded', itemId: item.id, facts }, ...(counted ? [counted] : [])]);
}

type ItemCommand = Exclude<Command, { type: 'createItem' }>;

function decideOnItem(question: Question<ItemCommand>): Decision {
  const { state, item, command } = question;
  switch (command.type) {
    case 'addComment':
      return ok([
        { type: 'commentAdded', itemId: item.id, commentId: command.commentId, text: command.text },
      ]);
    case 'orderItem':
      return decideOrder({ ...question, command });
    case 'linkItems':
      return decideLink({ ...question, command });
    case 'unlinkItems':
      return decideUnlink({ ...question, command });
    default:
      return checkBasis(state, item, command.basis) ?? decideResponsibility({ ...question, command });
  }
}

type ResponsibilityCommand = Exclude<
  ItemCommand,
  { type: 'addComment' | 'orderItem' | 'linkItems' | 'unlinkItems' }
>;

function decideResponsibility(question: Question<ResponsibilityCommand>): Decision {
  const { command, item } = question;
  if (command.type === 'reopenItem') return decideReopen({ ...question, command });
  if (item.closed) return refused({ code: 'itemClosed' });
  switch (command.type) {
    case 'claimItem':
      return decideClaim({ ...question, command });
    case 'assignOwner':
      return decideAssign({ ...question, command });
    case 'offerHandoff':
      return decideHandoffOffer({ ...question, command });
    case 'offerDeviation':
      return decideDeviation({ ...question, command });
    case 'acceptHandoff':
      return decideAccept({ ...question, command });
    case 'returnHandoff':
      return decideReturn({ ...question, command });
    case 'withdrawHandoff':
      return decideWithdraw({ ...question, command });
    case 'sendBack':
      return decideSendBack({ ...question, command });
    case 'nudgeItem':
      return decideNudge({ ...question, command });
    case 'startWaiting':
      return decideWaiting({ ...question, command });
    case 'resumeWork':
      return decideResume({ ...question, command });
    case 'completeItem':
      return decideComplete({ ...question, command });
    case 'cancelItem':
      return decideCancel({ ...question, command });
  }
}

/** The order belongs to the team in whose lane the card is drawn: the receiver's Incoming while it is offered. */
function decideOrder({
  state,
  item,
  command,
  actor,
}: Question<Extract<Command, { type: 'orderItem' }>>): Decision {
  if (item.closed) return refused({ code: 'itemClosed' });
  const laneTeamId = item.handoff?.toTeamId ?? item.holderTeamId;
  return (
    requireRole(state, actor.userId, laneTeamId, 'member') ??
    ok([{ type: 'itemOrdered', itemId: item.id, order: command.order }])
  );
}
