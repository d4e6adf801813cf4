import type { Basis, Command } from '../commands.ts';
import type { Facts, WorkflowVersion } from '../definition.ts';
import type { CommandId, HandoffId, ItemId, UserId } from '../ids.ts';
import { orderBetween } from '../order.ts';
import type { BoardGround } from './instantiate.ts';
import type { SampleItem, SampleMove } from './template.ts';

export interface SampleCommand {
  readonly command: Command;
  /** How long before now it should be dated. */
  readonly agoMs: number;
}

/**
 * The sample items as ordinary commands, oldest first: nothing on a board exists that has not gone through `decide`.
 * They are for an admin of the board, who may act for every team, and who also stands in every field for a person.
 */
export function sampleCommands(ground: BoardGround, adminId: UserId, newId: () => string): SampleCommand[] {
  let order: string | null = null;
  return ground.sampleItems
    .flatMap((sample) => {
      order = orderBetween(order, null);
      return commandsOf(sample, { workflow: ground.workflow, adminId, newId, order });
    })
    .sort((a, b) => b.agoMs - a.agoMs);
}

interface Making {
  readonly workflow: WorkflowVersion;
  readonly adminId: UserId;
  readonly newId: () => string;
  readonly order: string;
}

function commandsOf(sample: SampleItem, making: Making): SampleCommand[] {
  const { workflow, newId, order } = making;
  const itemId = newId() as ItemId;
  const facts = { ...sample.facts, ...neededPeople(sample, making) };
  const created: Command = {
    id: newId() as CommandId,
    basis: { seq: 0 },
    itemId,
    type: 'createItem',
    workflowId: workflow.id,
    workflowVersion: workflow.version,
    facts,
    order,
  };
  const commands: SampleCommand[] = [{ command: created, agoMs: sample.createdAgoMs }];
  let handoffId = newId() as HandoffId;
  let lastId = created.id;
  sample.moves.forEach((move, index) => {
    if (move.kind === 'offer') handoffId = newId() as HandoffId;
    const base = { id: newId() as CommandId, basis: { after: lastId }, itemId };
    commands.push({ command: commandOf(move, base, handoffId, order), agoMs: agoOf(sample, index) });
    lastId = base.id;
  });
  return commands;
}

interface Base {
  readonly id: CommandId;
  readonly basis: Basis;
  readonly itemId: ItemId;
}

function commandOf(move: SampleMove, base: Base, handoffId: HandoffId, order: string): Command {
  switch (move.kind) {
    case 'claim':
      return { ...base, type: 'claimItem' };
    case 'offer':
      return { ...base, type: 'offerHandoff', handoffId, seamId: move.seamId, facts: {}, note: '' };
    case 'accept':
      return {
        ...base,
        type: 'acceptHandoff',
        handoffId,
        order,
        ...(move.readBack === undefined ? {} : { readBack: move.readBack }),
      };
    case 'return':
      return {
        ...base,
        type: 'returnHandoff',
        handoffId,
        reasonId: move.reasonId,
        note: move.note,
        missing: move.missing,
      };
    case 'wait':
      return { ...base, type: 'startWaiting', on: move.on, what: move.what, until: null };
  }
}

/** The moves lie evenly between the creation and the last one. */
function agoOf({ createdAgoMs, lastMoveAgoMs, moves }: SampleItem, index: number): number {
  return Math.round(createdAgoMs - ((createdAgoMs - lastMoveAgoMs) * (index + 1)) / moves.length);
}

/** People that the seams it has passed ask for: a template cannot know any, so it is whoever makes the board. */
function neededPeople(sample: SampleItem, { workflow, adminId }: Making): Facts {
  const passed = sample.moves.flatMap((move) => (move.kind === 'offer' ? [move.seamId] : []));
  const needed = workflow.seams.filter((seam) => passed.includes(seam.id)).flatMap((seam) => seam.needs);
  const people = workflow.fields.filter((field) => {
    return field.type === 'person' && needed.some((need) => need.field === field.key);
  });
  return Object.fromEntries(people.map((field) => [field.key, adminId]));
}
