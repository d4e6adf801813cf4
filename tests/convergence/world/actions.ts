import { itemsFromDocument } from '#lib/board/document.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import type { SimulatedBrowser } from './browser.ts';
import { invent } from './person.ts';
import { gapsOf, wordsOf } from './words.ts';
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
  const open = [...browser.items.keys()].sort();
  const itemId = random.pick(open.length > 0 && random.percent(60) ? open : shown.sort());
  const { name } = browser.user;
  if (!browser.items.has(itemId)) {
    browser.openItem(itemId);
    return `${name} opens the document of ${itemId.slice(0, 4)}`;
  }
  const what = random.pick(WRITINGS)(world, browser, itemId);
  return what && `${name} ${what} ${itemId.slice(0, 4)}`;
};

type Writing = (world: World, browser: SimulatedBrowser, itemId: ItemId) => string | null;

const close: Writing = (_world, browser, itemId) => {
  browser.closeItem(itemId);
  return 'closes';
};

const writeWord: Writing = ({ random }, browser, itemId) => {
  const text = browser.items.get(itemId)?.description.toJSON() ?? '';
  const word = `w${random.below(1e9).toString(36)}w`;
  browser.write(itemId, { word, at: random.pick(gapsOf(text)) });
  return `writes ${word} in`;
};

const eraseWord: Writing = ({ random }, browser, itemId) => {
  const words = wordsOf(browser.items.get(itemId)?.description.toJSON() ?? '');
  if (words.length === 0) return null;
  const placed = random.pick(words);
  browser.erase(itemId, placed);
  return `deletes ${placed.word} in`;
};

const setFact: Writing = (world, browser, itemId) => {
  browser.setFact(itemId, world.random.pick(['company', 'plan', 'seats', 'title']), fact(world));
  return 'sets a fact in';
};

const WRITINGS: readonly Writing[] = [close, writeWord, writeWord, eraseWord, setFact, setFact];

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

/** Whoever has it open, on this node or the other, with unsent text or without, has to move to the new epoch. */
const letGo: Action = (world) => {
  const [nodes, itemIds] = [world.liveNodes, [...world.store.documents.items.keys()]];
  if (nodes.length === 0 || itemIds.length === 0) return null;
  const node = world.random.pick(nodes);
  const itemId = world.random.pick(itemIds);
  world.time.run(node, () => void node.renewItem(itemId));
  return `${node.name} lets go of ${itemId.slice(0, 4)}`;
};

/** Each as often as it stands here, in the mean; every run has its own taste. */
export const ACTIONS: readonly Action[] = [
  ...[
    act,
    act,
    act,
    act,
    write,
    write,
    write,
    deliver,
    deliver,
    deliver,
    deliver,
    askStore,
    askStore,
    askStore,
  ],
  ...[endTurn, endTurn, giveHint, connect, flow, flow, passTime, passTime, readRefusal, letGo],
];
