import { itemsFromDocument } from '#lib/board/document.ts';
import { invent } from './person.ts';
import type { World } from './world.ts';

/** Something ordinary happens: a person acts, a frame arrives, time passes. Gives what it was, or null: no occasion. */
export type Action = (world: World) => Promise<string | null> | string | null;

const act: Action = (world) => {
  const browser = world.random.pick(world.browsers);
  const command = invent(browser, world.ground, world.random);
  if (!command) return null;
  browser.issue(command);
  return `${browser.user.name}: ${command.type} ${command.id.slice(0, 4)} on ${command.itemId.slice(0, 4)}`;
};

const write: Action = (world) => {
  const { random } = world;
  const browser = random.pick(world.browsers);
  const shown = browser.board ? [...itemsFromDocument(browser.board.document)].map(({ id }) => id) : [];
  if (shown.length === 0) return null;
  const itemId = random.pick(shown.sort());
  const { name } = browser.user;
  if (!browser.items.has(itemId)) {
    browser.openItem(itemId);
    return `${name} opens the document of ${itemId.slice(0, 4)}`;
  }
  const kind = random.below(4);
  if (kind === 0) browser.closeItem(itemId);
  else if (kind === 1) browser.write(itemId, `w${random.below(1e9).toString(36)}w`);
  else browser.setFact(itemId, random.pick(['company', 'plan', 'seats', 'title']), fact(world));
  return `${name} ${['closes', 'writes in', 'sets a fact in', 'sets a fact in'][kind]} ${itemId.slice(0, 4)}`;
};

function fact({ random }: World): string | number | null {
  return random.pick(['Acme', 'Bcme', 'Basic', 'Pro', 5, 7, null]);
}

const deliver: Action = (world) => {
  const busy = world.openLinks.filter(({ upward, downward }) => upward.length + downward.length > 0);
  if (busy.length === 0) return world.shakeHands() ? 'a browser connects' : null;
  const link = world.random.pick(busy);
  const isUp = link.upward.length > 0 && (link.downward.length === 0 || world.random.percent(50));
  let count = 0;
  for (let left = 1 + world.random.below(4); left > 0; left -= 1) {
    if (!(isUp ? world.deliverUp(link) : link.deliverDown())) break;
    count += 1;
  }
  return `${count} frames ${isUp ? 'from' : 'to'} ${world.browserOf(link)?.user.name ?? 'a tab that is gone'}`;
};

const askStore: Action = (world) => {
  const busy = world.liveNodes.filter(({ calls }) => calls.length > 0);
  if (busy.length === 0) return null;
  const node = world.random.pick(busy);
  const index = world.random.below(node.calls.length);
  const call = node.calls[index];
  world.proceed(node, index);
  return `${node.name}: ${call?.name ?? ''} is ${call?.stage ?? ''}`;
};

const endTurn: Action = (world) => {
  const busy = world.liveNodes.filter(({ hasTurnToEnd }) => hasTurnToEnd);
  if (busy.length === 0) return null;
  const node = world.random.pick(busy);
  node.endTurn();
  return `${node.name} ends its turn`;
};

const giveHint: Action = (world) => {
  const hint = world.hints.shift();
  hint?.();
  return hint ? 'a hint arrives' : null;
};

const connect: Action = (world) => (world.shakeHands() ? 'a browser connects' : null);

const flow: Action = async (world) => {
  for (let rounds = 1 + world.random.below(6); rounds > 0; rounds -= 1) await world.flow();
  return 'everything flows';
};

const passTime: Action = async (world) => {
  const ms = world.random.pick([5, 60, 200, 200, 1_000, 1_000, 2_500]);
  await world.time.advance(ms);
  return `${ms} ms pass`;
};

const readRefusal: Action = (world) => {
  const browser = world.random.pick(world.browsers);
  const refused = browser.board?.outbox.find(({ state }) => state.kind === 'refused');
  if (!refused) return null;
  browser.dismiss(refused.command);
  return `${browser.user.name} reads a refusal`;
};

/** Each as often as it stands here, in the mean; every run has its own taste. */
export const ACTIONS: readonly Action[] = [
  ...[act, act, act, act, write, write, deliver, deliver, deliver, deliver, askStore, askStore, askStore],
  ...[endTurn, endTurn, giveHint, connect, flow, flow, passTime, passTime, readRefusal],
];
