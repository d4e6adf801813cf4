import * as Y from 'yjs';
import type { Command } from '#lib/workflow/commands.ts';
import type { ItemId } from '#lib/workflow/ids.ts';
import type { Item } from '#lib/workflow/state.ts';
import { readItem } from '../../../server/persistence/board-rows.ts';
import type { BoardNode, PersonName } from '../../contract/contract-board.ts';
import { waitUntil, type RawClient } from './clients.ts';
import type { Scene, Stage } from './stage.ts';
import type { SyncServerOptions } from './sync-server.ts';

export interface ItemScene {
  readonly scene: Scene;
  readonly node: BoardNode;
  readonly itemId: ItemId;
  readonly url: string;
}

/** alice of Sales has created an item. */
export async function itemScene(stage: Stage, options?: SyncServerOptions): Promise<ItemScene> {
  const scene = await stage.board(options);
  const node = await scene.node();
  const created = node.creating();
  const item = { scene, node, itemId: created.itemId, url: scene.itemUrl(created.itemId) };
  await tell(item, 'alice', created);
  return item;
}

/** Decided by the server without a socket. */
async function tell({ scene, node }: ItemScene, name: PersonName, command: Command): Promise<void> {
  const actorId = scene.board.people[name];
  const outcome = await scene.server.rooms.submit(scene.board.id, { command, actorId });
  if (outcome.kind === 'refused') throw new Error(`${command.type}: ${JSON.stringify(outcome.refusal)}`);
  node.apply(await node.log.catchUp(node.state));
}

/** Changes the client's own document, and sends what a stock client would. */
export function write(client: RawClient, change: (doc: Y.Doc) => void): void {
  for (const update of changesOf(client.doc, change)) client.update(update);
}

/** The updates that a change of this document makes. */
export function changesOf(doc: Y.Doc, change: (doc: Y.Doc) => void): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array) => void updates.push(update);
  doc.on('update', collect);
  doc.transact(() => change(doc));
  doc.off('update', collect);
  return updates;
}

export const factsOf = (doc: Y.Doc): unknown => doc.getMap('facts').toJSON();
export const textOf = (doc: Y.Doc): string => doc.getText('description').toJSON();

export async function rowOf({ scene, itemId }: ItemScene) {
  const item = await readItem(scene.board.db, itemId);
  if (!item) throw new Error('There is no item.');
  return item;
}

/** Waits until the item's facts, as the database has them, are so. */
export async function untilRow(
  item: ItemScene,
  isTrue: (facts: Readonly<Record<string, unknown>>) => boolean,
): Promise<void> {
  await untilItem(item, ({ facts }) => isTrue(facts));
}

export async function untilItem(item: ItemScene, isTrue: (row: Item) => boolean): Promise<void> {
  let row: Item | null = null;
  const timer = setInterval(() => void rowOf(item).then((read) => (row = read)), 20);
  try {
    await waitUntil(
      () => row !== null && isTrue(row),
      () => JSON.stringify(row),
    );
  } finally {
    clearInterval(timer);
  }
}
