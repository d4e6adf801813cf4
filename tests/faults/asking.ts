import { randomUUID } from 'node:crypto';
import type { Command } from '../../src/lib/workflow/commands.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import { orderBetween } from '../../src/lib/workflow/order.ts';
import { hasRole } from '../../src/lib/workflow/permissions.ts';
import type { Item } from '../../src/lib/workflow/state.ts';
import type { Seeded } from '../convergence/seeded.ts';
import type { FaultClient } from './fault-client.ts';

/** What Legal needs to know before it looks at a contract. */
export const REVIEW_FACTS = {
  companyName: 'Acme Ltd',
  product: 'Business',
  contractValue: 12_000,
  specialTerms: 'none',
  personalData: 'None',
  draftContract: 'https://example.org/draft',
};

export function creating({ board }: FaultClient, title = 'Acme'): Extract<Command, { type: 'createItem' }> {
  const workflow = [...board.state.workflows.values()][0];
  if (!workflow) throw new Error('The board has no workflow.');
  return {
    type: 'createItem',
    id: newId(),
    itemId: newId(),
    basis: { seq: 0 },
    workflowId: workflow.id,
    workflowVersion: workflow.version,
    facts: { title },
    order: orderBetween(null, null),
  };
}

export function commenting(itemId: ItemId, text = 'Called them.'): Command {
  return { type: 'addComment', id: newId(), itemId, basis: { seq: 0 }, commentId: newId(), text };
}

export function claiming(itemId: ItemId, basis: Command['basis']): Command {
  return { type: 'claimItem', id: newId(), itemId, basis };
}

/** To Legal. */
export function offering(itemId: ItemId, basis: Command['basis'], facts: object = REVIEW_FACTS): Command {
  const seamId = 'handover-to-contract-review';
  return of({ type: 'offerHandoff', itemId, basis, handoffId: newId(), seamId, facts, note: '' });
}

export function accepting({ id: itemId, responsibility, handoff, order }: Item): Command {
  return of({
    type: 'acceptHandoff',
    itemId,
    basis: { seq: responsibility.seq },
    handoffId: handoff?.id,
    order,
  });
}

/** What this person might ask for by what is on the screen; often somebody else has been faster. */
export function invented(client: FaultClient, random: Seeded): Command {
  const { items, board, account } = client;
  if (items.length === 0 || (items.length < 9 && random.percent(20))) return creating(client);
  const item = random.pick(items);
  const base = { itemId: item.id, basis: { seq: item.responsibility.seq } };
  if (random.percent(35)) return commenting(item.id);
  if (random.percent(15)) return of({ ...base, type: 'orderItem', order: random.pick(['a1', 'a2', 'a1V']) });
  const member = board.state.members.get(account.user.id);
  if (item.handoff && hasRole(member, item.handoff.toTeamId, 'member')) return accepting(item);
  if (item.handoff) return of({ ...base, type: 'withdrawHandoff', handoffId: item.handoff.id });
  if (random.percent(30)) return claiming(item.id, base.basis);
  return offering(item.id, base.basis);
}

function of(fields: object): Command {
  return { id: newId(), ...fields } as Command;
}

function newId<Id extends string>(): Id {
  return randomUUID() as Id;
}
