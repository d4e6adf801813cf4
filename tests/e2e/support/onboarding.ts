import type { ItemLogAnswer } from '#lib/protocol/api.ts';
import type { VerdictMessage } from '#lib/protocol/messages.ts';
import type { Facts } from '#lib/workflow/definition.ts';
import type { Event } from '#lib/workflow/events.ts';
import type { HandoffId, ItemId, WorkflowId } from '#lib/workflow/ids.ts';
import type { Command } from '#lib/workflow/commands.ts';
import { card, type Person, type Workspace } from './workspace.ts';
import { addItem, isAllSent } from './board-hands.ts';

/** All that Legal needs of Sales for the review of the contract. */
export const REVIEW_FACTS = {
  companyName: 'Nordlicht Logistik GmbH',
  product: 'Business',
  contractValue: 48_000,
  specialTerms: 'none',
  personalData: 'None',
  draftContract: 'https://files.example.com/draft',
} as Facts;

/** A command with its own id, so that it can be sent again. */
export type IssuedCommand = Pick<Command, 'id' | 'type' | 'basis' | 'itemId'> & Record<string, unknown>;
export type Send = (person: Person, command: IssuedCommand) => Promise<VerdictMessage>;

/** One item and what is done with it through the API: each command on top of the one before. */
export class ApiItem {
  readonly id = crypto.randomUUID() as ItemId;
  readonly #send: Send;
  #seq = 0;
  #handoffId: HandoffId | null = null;

  constructor(send: Send) {
    this.#send = send;
  }

  async create(person: Person, workflowId: WorkflowId, facts: Facts): Promise<void> {
    await this.#do(person, 'createItem', { workflowId, workflowVersion: 1, facts, order: 'a0' });
  }

  async claim(person: Person): Promise<void> {
    await this.#do(person, 'claimItem');
  }

  async offer(person: Person, seamId: string, facts: Facts = {}): Promise<void> {
    this.#handoffId = crypto.randomUUID() as HandoffId;
    const handoffId = this.#handoffId;
    await this.#do(person, 'offerHandoff', { handoffId, seamId: seamId, facts, note: '' });
  }

  async accept(person: Person): Promise<void> {
    await this.#do(person, 'acceptHandoff', { handoffId: this.#handoffId, order: 'a0' });
  }

  async return(person: Person, reasonId: string): Promise<void> {
    const more = { handoffId: this.#handoffId, reasonId, note: '', missing: [] };
    await this.#do(person, 'returnHandoff', more);
  }

  async #do(person: Person, type: Command['type'], more: Record<string, unknown> = {}): Promise<void> {
    const id = crypto.randomUUID() as Command['id'];
    const command = { id, type, basis: { seq: this.#seq }, itemId: this.id, ...more };
    const verdict = await this.#send(person, command);
    if (verdict.verdict === 'refused') {
      throw new Error(`${type} by ${person.name} was refused: ${JSON.stringify(verdict.refusal)}`);
    }
    this.#seq = verdict.seq;
  }
}

/** An item that is offered at the end of the contract's way: the next step is Legal's again, or Provisioning's. */
export async function itemInSignature(
  workspace: Workspace,
  people: { sales: Person; legal: Person },
  given: { workflowId: WorkflowId; facts: Facts },
): Promise<ApiItem> {
  const { sales, legal } = people;
  const item = new ApiItem((person, command) => workspace.command(person, command));
  await item.create(sales, given.workflowId, { ...REVIEW_FACTS, ...given.facts });
  await item.claim(sales);
  await item.offer(sales, 'handover-to-contract-review');
  await item.accept(legal);
  await item.offer(legal, 'contract-review-to-signature');
  await item.accept(sales);
  return item;
}

/** The board's workflow, which the API does not name: somebody of Sales adds an item, and its log says. */
export async function workflowIdOf(workspace: Workspace, person: Person): Promise<WorkflowId> {
  await addItem(person.page, 'The first of all');
  await isAllSent(person.page);
  const itemId = await itemIdOf(person, 'The first of all');
  const events = await eventsOf(workspace, itemId);
  const created = events.find((event) => event.type === 'itemCreated');
  if (created?.type !== 'itemCreated') throw new Error('The first item has no beginning.');
  return created.workflowId;
}

export async function itemIdOf(person: Person, title: string): Promise<ItemId> {
  const id = await card(person.page, title).getAttribute('data-item-id');
  return id as ItemId;
}

/** The item's whole history, as the server has committed it. */
export async function eventsOf(workspace: Workspace, itemId: ItemId): Promise<readonly Event[]> {
  const log = await workspace.admin.get<ItemLogAnswer>(`/api/v1/items/${itemId}/log`);
  if (log.status !== 200) throw new Error(`The log of ${itemId}: ${log.status}`);
  return log.body.entries.flatMap(({ events }) => events);
}

/** `Northwind Ferries` in Sales, with all that Legal needs, made through the API by this person. */
export async function readyItem(workspace: Workspace, person: Person): Promise<ApiItem> {
  const item = new ApiItem((sender, command) => workspace.command(sender, command));
  const facts = { ...REVIEW_FACTS, title: 'Northwind Ferries' };
  await item.create(person, await workflowIdOf(workspace, person), facts);
  return item;
}
