import { itemsFromDocument } from '#lib/board/document.ts';
import { basisFor } from '#lib/state/board-basis.ts';
import type { Command } from '#lib/workflow/commands.ts';
import { legalMoves } from '#lib/workflow/legal-moves.ts';
import type { TeamId } from '#lib/workflow/ids.ts';
import { hasRole } from '#lib/workflow/permissions.ts';
import type { BoardState, Item } from '#lib/workflow/state.ts';
import type { Seeded } from '../seeded.ts';
import type { SimulatedBrowser } from './browser.ts';
import type { Ground } from './ground.ts';

const ITEMS_MAX = 6;
const NO_TEAM = '' as TeamId;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a person might ask for by what is on the screen, or null. Mostly something that looks possible (somebody else is
 * often faster), and now and then something that the screen would not offer.
 */
export function invent(browser: SimulatedBrowser, ground: Ground, random: Seeded): Command | null {
  const screen = browser.screen();
  const board = browser.board;
  if (!screen || !board?.hasContent) return null;
  const { state } = screen;
  const shown = [...itemsFromDocument(board.document)].map(({ id }) => id);
  const created = [...state.changedItems().keys()].filter((id) => !shown.includes(id));
  const items = [...shown, ...created]
    .flatMap((id) => state.items.get(id) ?? [])
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const isOfSales = hasRole(state.members.get(browser.user.id), ground.teams[0]?.id ?? NO_TEAM, 'member');
  const creates = items.length < 2 || (items.length < ITEMS_MAX && random.percent(15));
  if (creates && (isOfSales || random.percent(10))) return creation(ground, random);
  if (items.length === 0) return null;
  const item = random.pick(items);
  const pendingIds = screen.pendingByItem.get(item.id) ?? [];
  const basis = basisFor(
    item,
    board.outbox.filter(({ command }) => pendingIds.includes(command.id)),
  );
  const [type, fields] = act(item, { browser, state, ground, random, items });
  return { id: random.id(), itemId: item.id, basis, type, ...fields } as unknown as Command;
}

function creation({ workflow }: Ground, random: Seeded): Command {
  const contents = {
    workflowId: workflow.id,
    workflowVersion: workflow.version,
    facts: { title: 'Acme' },
    order: 'a0',
  };
  return { id: random.id(), type: 'createItem', itemId: random.id(), basis: { seq: 0 }, ...contents };
}

interface Scene {
  readonly browser: SimulatedBrowser;
  readonly state: BoardState;
  readonly ground: Ground;
  readonly random: Seeded;
  /** All that the screen shows. */
  readonly items: readonly Item[];
}

function act(item: Item, scene: Scene): readonly [Command['type'], Fields] {
  const { browser, state, random } = scene;
  const isOf = (teamId: string) =>
    hasRole(state.members.get(browser.user.id), teamId as Item['holderTeamId'], 'member');
  if (random.percent(15)) return ['addComment', { commentId: random.id(), text: 'Called them.' }];
  if (random.percent(6)) return relation(item, scene);
  if (random.percent(8)) return ['orderItem', { order: random.pick(['a1', 'a2', 'a1V']) }];
  if (random.percent(10)) return anything(item, scene);
  if (item.closed) return ['reopenItem', { reason: 'Won after all' }];
  if (item.handoff) {
    if (isOf(item.handoff.toTeamId)) return answer(item, scene);
    if (random.percent(25)) return ['nudgeItem', {}];
    return ['withdrawHandoff', { handoffId: item.handoff.id }];
  }
  if (item.waiting) return ['resumeWork', {}];
  if (isOf(item.holderTeamId) && item.ownerId === null && random.percent(40)) return ['claimItem', {}];
  return onward(item, scene);
}

function answer({ handoff, order }: Item, { random }: Scene): readonly [Command['type'], Fields] {
  if (random.percent(75)) return ['acceptHandoff', { handoffId: handoff?.id, order }];
  const reasonId = random.pick([null, 'incomplete']);
  return ['returnHandoff', { handoffId: handoff?.id, reasonId, note: 'Not like this', missing: [] }];
}

/** Mostly what blocks what, so that circles come about; the rest is taken away again, or was never there. */
function relation(item: Item, { items, random }: Scene): readonly [Command['type'], Fields] {
  const otherId = random.pick(items).id;
  if (random.percent(30)) return ['unlinkItems', { otherId }];
  return ['linkItems', { otherId, kind: random.pick(['blocks', 'blockedBy', 'relatesTo', 'duplicates']) }];
}

/** Over a seam, back, off the path, or out. */
function onward(item: Item, { browser, state, ground, random }: Scene): readonly [Command['type'], Fields] {
  const moves = legalMoves(state, item, { userId: browser.user.id }).filter(
    ({ refusal, route }) => refusal === null && (route.kind === 'seam' || random.percent(25)),
  );
  const [someone] = ground.people.keys();
  const facts = { company: 'Acme Ltd', contact: someone, startDate: '2026-12-01', signed: true };
  const handoffId = random.id();
  const move = moves.length > 0 ? random.pick(moves) : null;
  if (!move || random.percent(10)) return closing(item, random);
  if (move.route.kind === 'seam') {
    const given = random.percent(85) ? facts : {};
    return ['offerHandoff', { handoffId, seamId: move.route.seamId, facts: given, note: '' }];
  }
  if (move.route.kind === 'back') {
    return [
      'sendBack',
      { handoffId, reasonId: 'incomplete', note: 'A page is missing', missing: ['company'] },
    ];
  }
  return ['offerDeviation', { handoffId, toStepId: move.toStep.id, facts, reason: 'In a hurry' }];
}

function closing(item: Item, random: Seeded): readonly [Command['type'], Fields] {
  const kind = random.below(4);
  if (kind === 0) return ['startWaiting', { on: 'customer', what: 'Signature', until: null }];
  if (kind === 1) return ['assignOwner', { ownerId: null }];
  if (kind === 2) return ['cancelItem', { reason: 'Lost' }];
  return ['completeItem', {}];
}

/** Whatever the screen says. */
function anything(item: Item, scene: Scene): readonly [Command['type'], Fields] {
  const { random } = scene;
  const kind = random.below(3);
  if (kind === 0) return ['claimItem', {}];
  if (kind === 1) return answer(item, scene);
  return closing(item, random);
}
