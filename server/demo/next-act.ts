import type { Command } from '#lib/workflow/commands.ts';
import { findStep, seamsOfRoute, stepOf, workflowOf } from '#lib/workflow/graph.ts';
import type { CommandId, CommentId, HandoffId, ItemId, UserId } from '#lib/workflow/ids.ts';
import { legalMoves } from '#lib/workflow/legal-moves.ts';
import { orderBetween } from '#lib/workflow/order.ts';
import { hasRole } from '#lib/workflow/permissions.ts';
import { asksReadBack } from '#lib/workflow/read-back.ts';
import type { BoardState, Handoff, Item } from '#lib/workflow/state.ts';
import type { Chance } from './chance.ts';
import { madeUpComment, madeUpFacts, madeUpReadBack, madeUpTitle } from './made-up.ts';
import type { DemoPerson } from './people.ts';

/** Beyond these nobody takes in new work. */
const OPEN_ITEMS_MAX = 30;
/** How long somebody works on an item before they hand it on, in milliseconds: hours, seen in seconds. */
const WORK_MS = 20_000;
const WAIT_MS = 40_000;
const NUDGE_AFTER_MS = 60_000;
/** What nobody has moved for so long, some of the samples, lies there until somebody who looks on nudges. */
const FORGOTTEN_AFTER_MS = 36 * 60 * 60 * 1_000;

export interface DemoScene {
  readonly state: BoardState;
  readonly items: readonly Item[];
  readonly person: DemoPerson;
  readonly userId: UserId;
  readonly chance: Chance;
  readonly nowMs: number;
  readonly newId: () => string;
}

interface Choice {
  readonly weight: number;
  readonly make: () => Command;
}

/**
 * What this person does next by what the board shows them: one of the ordinary commands, with the mistakes that people
 * make. Null: there is nothing for them to do now. The server decides, as it does for everybody.
 */
export function nextAct(scene: DemoScene): Command | null {
  const open = scene.items.filter(({ closed }) => closed === null);
  const choices = [...open.flatMap((item) => choicesOn(item, scene)), ...creating(open, scene)];
  return scene.chance.weighted(choices)?.make() ?? null;
}

function choicesOn(item: Item, scene: DemoScene): Choice[] {
  const { state, userId, nowMs } = scene;
  if (item.nudged === undefined && nowMs - item.responsibility.at > FORGOTTEN_AFTER_MS) return [];
  const member = state.members.get(userId);
  const { handoff } = item;
  if (handoff && hasRole(member, handoff.toTeamId, handoff.needsLead ? 'lead' : 'member'))
    return answering(item, handoff, scene);
  if (!hasRole(member, item.holderTeamId, 'member')) return [];
  if (handoff) return unanswered(item, handoff, scene);
  if (item.waiting) return resuming(item, item.waiting.since, scene);
  if (item.ownerId === userId) return working(item, scene);
  const isFree = item.ownerId === null;
  // What lies with somebody else is taken over now and then.
  return [{ weight: isFree ? 4 : 0.1, make: () => ({ ...base(item, scene), type: 'claimItem' }) }];
}

function answering(item: Item, handoff: Handoff, scene: DemoScene): Choice[] {
  const { state, chance, person, nowMs } = scene;
  if (nowMs - handoff.offeredAt < person.patienceMs) return [];
  const workflow = workflowOf(state, item);
  const accept: Choice = {
    weight: 6,
    make: () => ({
      ...base(item, scene),
      type: 'acceptHandoff',
      handoffId: handoff.id,
      order: orderBetween(null, null),
      ...(asksReadBack(workflow, handoff) ? { readBack: madeUpReadBack(chance) } : {}),
    }),
  };
  const [seam] = seamsOfRoute(workflow, handoff.route);
  if (handoff.route.kind !== 'seam' || !seam || seam.returnReasons.length === 0) return [accept];
  const giveBack: Choice = {
    weight: 1,
    make: () => ({
      ...base(item, scene),
      type: 'returnHandoff',
      handoffId: handoff.id,
      reasonId: chance.pick(seam.returnReasons).id,
      note: '',
      missing: seam.needs.slice(0, chance.below(2)).map(({ field }) => field),
    }),
  };
  return [accept, giveBack];
}

function unanswered(item: Item, handoff: Handoff, scene: DemoScene): Choice[] {
  const isLong = scene.nowMs - handoff.offeredAt > NUDGE_AFTER_MS;
  if (!isLong || item.nudged) return [];
  return [{ weight: 0.5, make: () => ({ ...base(item, scene), type: 'nudgeItem' }) }];
}

function resuming(item: Item, since: number, scene: DemoScene): Choice[] {
  if (item.ownerId !== scene.userId || scene.nowMs - since < WAIT_MS) return [];
  return [{ weight: 2, make: () => ({ ...base(item, scene), type: 'resumeWork' }) }];
}

function working(item: Item, scene: DemoScene): Choice[] {
  const { state, chance, nowMs } = scene;
  const comment: Choice = {
    weight: 0.4,
    make: () => ({
      ...base(item, scene),
      type: 'addComment',
      commentId: scene.newId() as CommentId,
      text: madeUpComment(chance),
    }),
  };
  const wait: Choice = {
    weight: 0.3,
    make: () => ({
      ...base(item, scene),
      type: 'startWaiting',
      on: 'customer',
      what: 'an answer to our mail',
      until: null,
    }),
  };
  if (nowMs - item.heldSince < WORK_MS) return [comment, wait];
  const isFinal = findStep(workflowOf(state, item), item.stepId)?.isFinal;
  const complete: Choice = { weight: 3, make: () => ({ ...base(item, scene), type: 'completeItem' }) };
  return [
    comment,
    wait,
    ...(isFinal ? [complete] : []),
    ...handingOn(item, scene),
    ...sendingBack(item, scene),
  ];
}

function handingOn(item: Item, scene: DemoScene): Choice[] {
  const { state, userId, chance, person, nowMs } = scene;
  const workflow = workflowOf(state, item);
  return legalMoves(state, item, { userId }).flatMap(({ route, refusal, missing }) => {
    if (route.kind !== 'seam' || refusal !== null) return [];
    const make = (): Command => {
      // Who forgets something is told what, and does it right the next time.
      const filled = chance.percent(person.forgets) ? missing.slice(1) : missing;
      const facts = { ...item.facts, ...madeUpFacts(workflow, filled, { chance, userId, nowMs }) };
      const handoffId = scene.newId() as HandoffId;
      return { ...base(item, scene), type: 'offerHandoff', handoffId, seamId: route.seamId, facts, note: '' };
    };
    return [{ weight: 4, make }];
  });
}

function sendingBack(item: Item, scene: DemoScene): Choice[] {
  const cameBy = item.trail.at(-1)?.route;
  if (cameBy?.kind !== 'seam') return [];
  const reasons = seamsOfRoute(workflowOf(scene.state, item), cameBy)[0]?.returnReasons ?? [];
  if (reasons.length === 0) return [];
  const make = (): Command => ({
    ...base(item, scene),
    type: 'sendBack',
    handoffId: scene.newId() as HandoffId,
    reasonId: scene.chance.pick(reasons).id,
    note: '',
    missing: [],
  });
  return [{ weight: 0.3, make }];
}

function creating(open: readonly Item[], scene: DemoScene): Choice[] {
  const { state, userId, chance } = scene;
  const [workflow] = state.workflows.values();
  if (!workflow || open.length >= OPEN_ITEMS_MAX) return [];
  const { teamId } = stepOf(workflow, workflow.startStepId);
  if (!hasRole(state.members.get(userId), teamId, 'member')) return [];
  const make = (): Command => ({
    type: 'createItem',
    id: scene.newId() as CommandId,
    itemId: scene.newId() as ItemId,
    basis: { seq: 0 },
    workflowId: workflow.id,
    workflowVersion: workflow.version,
    facts: { title: madeUpTitle(chance) },
    order: orderBetween(null, null),
  });
  return [{ weight: 1, make }];
}

function base(item: Item, scene: DemoScene) {
  return {
    id: scene.newId() as CommandId,
    itemId: item.id,
    basis: { seq: item.responsibility.seq },
  };
}
