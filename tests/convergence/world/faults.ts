import { FRAME } from '#lib/protocol/frames.ts';
import type { Link } from './network.ts';
import type { SimulatedNode } from './node.ts';
import type { World } from './world.ts';

const YEAR_MS = 365 * 86_400_000;
const HOUR_MS = 3_600_000;

/** Something goes wrong in the world. Gives what it was, for the steps and the count; null: there was no occasion. */
export type Fault = (world: World) => string | null;

/** Both ends notice at once, or one of them later. */
const cut: Fault = (world) => {
  const link = pickFrom(world, world.openLinks);
  if (!link) return null;
  const who = world.random.below(3);
  if (who !== 1) link.loseBrowser();
  if (who !== 2) link.loseServer();
  return 'connection cut';
};

/** From now on nothing gets through, and nobody is told. */
const halfOpen: Fault = (world) => {
  const link = pickFrom(
    world,
    world.openLinks.filter(({ isHalfOpen }) => !isHalfOpen),
  );
  if (!link) return null;
  link.isHalfOpen = true;
  link.upward.length = 0;
  link.downward.length = 0;
  return 'connection half-open';
};

/**
 * A command that was decided arrives again, over any connection of its sender. One that was not decided must not: no
 * network brings what a dead connection has lost before what its browser sends again.
 */
const duplicate: Fault = (world) => {
  const decided = world.delivered.filter(({ id }) => world.store.log.commandRow(id) !== undefined);
  const copy = pickFrom(world, decided);
  if (!copy) return null;
  const own = world.openLinks.filter(
    (link) => link.server && link.url.includes('/board/') && world.browserOf(link)?.user.id === copy.userId,
  );
  const link = pickFrom(world, own);
  if (!link) return null;
  link.server?.receive(copy.frame.slice());
  return 'command duplicated';
};

/** A command that is on its way arrives twice in a row. */
const double: Fault = (world) => {
  const isCommand = ({ upward: [next] }: Link) => next instanceof Uint8Array && next[0] === FRAME.command;
  const link = pickFrom(world, world.openLinks.filter(isCommand));
  const frame = link?.upward[0];
  if (!link || !(frame instanceof Uint8Array)) return null;
  link.upward.unshift(frame);
  return 'command doubled';
};

/** A verdict arrives twice. */
const repeatVerdict: Fault = (world) => {
  const isVerdict = ({ downward: [next] }: Link) => next instanceof Uint8Array && next[0] === FRAME.verdict;
  const link = pickFrom(world, world.openLinks.filter(isVerdict));
  const frame = link?.downward[0];
  if (!link || !frame) return null;
  link.downward.unshift(frame);
  return 'verdict duplicated';
};

const goOffline: Fault = (world) => {
  const browser = pickFrom(
    world,
    world.browsers.filter(({ isOnline }) => isOnline),
  );
  if (!browser) return null;
  for (const link of world.openLinks) if (world.browserOf(link) === browser) loseBoth(link);
  browser.setOnline(false);
  return 'offline spell';
};

const goOnline: Fault = (world) => {
  const browser = pickFrom(
    world,
    world.browsers.filter(({ isOnline }) => !isOnline),
  );
  browser?.setOnline(true);
  return browser ? 'online again' : null;
};

const reload: Fault = (world) => {
  const browser = world.random.pick(world.browsers);
  for (const link of world.openLinks) if (world.browserOf(link) === browser) link.loseServer();
  browser.reload();
  return 'page reloaded';
};

const killTab: Fault = (world) => {
  const browser = world.random.pick(world.browsers);
  for (const link of world.openLinks) if (world.browserOf(link) === browser) loseBoth(link);
  browser.kill();
  return 'tab killed';
};

const setClock: Fault = (world) => {
  const { random } = world;
  random.pick(world.browsers).skewMs = random.pick([0, HOUR_MS, -HOUR_MS, 10 * YEAR_MS, -10 * YEAR_MS]);
  return 'browser clock set';
};

const loseHint: Fault = (world) => {
  if (world.hints.length === 0) return null;
  world.hints.splice(world.random.below(world.hints.length), 1);
  return 'hint lost';
};

const cutOffStore: Fault = (world) => {
  const node = pickFrom(world, world.liveNodes);
  if (!node) return null;
  if (!world.cutOff.delete(node)) world.cutOff.add(node);
  return world.cutOff.has(node) ? 'store out of reach' : 'store in reach again';
};

/** It has happened, and the node is told that it failed: as a COMMIT whose reply is lost. */
const loseReply: Fault = (world) => {
  const calls = world.liveNodes.flatMap((node) => node.calls.filter(({ stage }) => stage === 'done'));
  const call = pickFrom(world, calls);
  if (!call) return null;
  call.fail();
  return call.name === 'commit' ? 'reply to COMMIT lost' : 'reply of the store lost';
};

const crashBeforeBegin: Fault = (world) => crashWhere(world, 'asked', 'crash before BEGIN');
const crashAfterCommit: Fault = (world) => crashWhere(world, 'done', 'crash after COMMIT before the verdict');

/** The sender's socket still carries the verdict away; nobody else learns anything. */
const crashAfterVerdict: Fault = (world) => {
  for (const node of world.liveNodes) {
    node.endTurn();
    const told = [...node.links].filter(({ downward }) =>
      downward.some((next) => next instanceof Uint8Array && next[0] === FRAME.verdict),
    );
    if (told.length === 0) continue;
    crash(world, node, (link) => told.includes(link));
    return 'crash after the verdict before the broadcast';
  }
  return null;
};

const crashAnywhere: Fault = (world) => {
  const node = pickFrom(world, world.liveNodes);
  if (!node) return null;
  crash(world, node, () => world.random.percent(50));
  return 'crash anywhere';
};

const stopNode: Fault = (world) => {
  const node = pickFrom(world, world.liveNodes);
  if (!node) return null;
  node.stop();
  replace(world, node);
  return 'node restarted';
};

const startNode: Fault = (world) => {
  const place = world.nodes.indexOf(null);
  if (place < 0) return null;
  world.startNode(place);
  return 'node started again';
};

const tidy: Fault = (world) => {
  const rooms = world.liveNodes.flatMap(({ room }) => room ?? []);
  const room = pickFrom(world, rooms);
  const before = room?.epoch;
  for (const node of world.liveNodes) if (node.room === room) node.tidy();
  return room && room.epoch !== before ? 'epoch renewed' : null;
};

const unload: Fault = (world) => (world.liveNodes.some((node) => node.unloadIdle()) ? 'room unloaded' : null);

export const FAULTS: readonly Fault[] = [
  ...[
    cut,
    halfOpen,
    duplicate,
    double,
    repeatVerdict,
    goOffline,
    goOnline,
    reload,
    killTab,
    setClock,
    loseHint,
  ],
  ...[cutOffStore, loseReply, crashBeforeBegin, crashAfterCommit, crashAfterVerdict, crashAnywhere],
  ...[stopNode, startNode, tidy, unload],
];

/** Everything works from now on, and whoever was cut off notices. */
export function heal(world: World): void {
  world.cutOff.clear();
  world.nodes.forEach((node, place) => {
    if (!node) world.startNode(place);
  });
  for (const link of world.openLinks) {
    if (link.isHalfOpen || link.isBrowserGone || !link.server || !world.nodeOf(link)) loseBoth(link);
  }
  for (const browser of world.browsers) {
    if (!browser.isOnline) browser.setOnline(true);
    browser.openWritten();
  }
}

function crashWhere(world: World, stage: 'asked' | 'done', name: string): string | null {
  const isThere = ({ calls }: SimulatedNode) =>
    calls.some((call) => call.name === 'commit' && call.stage === stage);
  const node = pickFrom(world, world.liveNodes.filter(isThere));
  if (!node) return null;
  crash(world, node, () => world.random.percent(50));
  return name;
}

/** The process is gone; what its kernel still held for a connection arrives or does not. */
function crash(world: World, node: SimulatedNode, arrives: (link: Link) => boolean): void {
  node.die();
  for (const link of node.links) {
    if (link.isOver) continue;
    while (arrives(link) && link.deliverDown());
    loseBoth(link);
  }
  world.nodes[world.nodes.indexOf(node)] = null;
}

function replace(world: World, node: SimulatedNode): void {
  world.startNode(world.nodes.indexOf(node));
}

function loseBoth(link: Link): void {
  link.loseBrowser();
  link.loseServer();
}

function pickFrom<Value>({ random }: World, values: readonly Value[]): Value | null {
  return values.length > 0 ? random.pick(values) : null;
}
