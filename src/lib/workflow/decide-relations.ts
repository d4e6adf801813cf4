import type { LinkItems, UnlinkItems } from './commands.ts';
import { hasRole, requireRole } from './permissions.ts';
import type { Decision, Question } from './question.ts';
import { blockingWay, relationsOf, relationTo, RELATIONS_MAX } from './relations.ts';
import { ok, refused, type Result } from './result.ts';
import type { Refusal } from './refusals.ts';
import type { Item } from './state.ts';

/** Information and no gate: it changes neither who is responsible nor what may be done with either item. */
export function decideLink(question: Question<LinkItems>): Decision {
  const { state, item, command } = question;
  const { kind, otherId } = command;
  if (otherId === item.id) return refused({ code: 'relatedToItself' });
  const other = state.items.get(otherId);
  if (!other) return refused({ code: 'noSuchItem' });
  const notTheirs = requireEitherTeam(question, other);
  if (notTheirs) return notTheirs;
  const earlier = relationTo(item, otherId);
  if (earlier)
    return refused({ code: 'alreadyRelated', kind: earlier.kind, key: item.key, otherKey: other.key });
  const full = [item, other].find((end) => relationsOf(end).length >= RELATIONS_MAX);
  if (full) return refused({ code: 'relationsFull', key: full.key, limit: RELATIONS_MAX });
  const circle =
    kind === 'blocks'
      ? blockingWay(state, otherId, item.id)
      : kind === 'blockedBy'
        ? blockingWay(state, item.id, otherId)
        : null;
  if (circle) return refused({ code: 'blocksInCircle', keys: circle });
  const { key } = item;
  return ok([{ type: 'itemsLinked', itemId: item.id, key, kind, otherId, otherKey: other.key }]);
}

export function decideUnlink(question: Question<UnlinkItems>): Decision {
  const { state, item, command } = question;
  const notTheirs = requireEitherTeam(question, state.items.get(command.otherId));
  if (notTheirs) return notTheirs;
  const relation = relationTo(item, command.otherId);
  if (!relation) return refused({ code: 'notRelated' });
  const { itemId: otherId, key: otherKey } = relation;
  return ok([{ type: 'itemsUnlinked', itemId: item.id, key: item.key, otherId, otherKey }]);
}

/** A relation belongs to both ends: a member of either team that holds one may make it and take it away. */
function requireEitherTeam(
  { state, item, actor }: Question<LinkItems | UnlinkItems>,
  other: Item | undefined,
): Result<never, Refusal> | null {
  const isOfOther = other && hasRole(state.members.get(actor.userId), other.holderTeamId, 'member');
  return isOfOther ? null : requireRole(state, actor.userId, item.holderTeamId, 'member');
}
