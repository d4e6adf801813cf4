import { expect, it } from 'vitest';
import type { AnyCommand } from '../../src/lib/workflow/commands.ts';
import type { ItemId } from '../../src/lib/workflow/ids.ts';
import { describeOnBoth } from './databases.ts';
import { comparable, newId, NOW_MS, type BoardNode, type PersonName } from './contract-board.ts';
import { StoredBoard } from './stored-board.ts';

const SEEDS = [1, 20_261_123];
const ROUNDS = 60;
const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'ada', 'vera'] as const satisfies readonly PersonName[];

/** Mulberry32: the same numbers for the same seed, so that a failure can be looked at again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function pick<Value>(values: readonly Value[], random: (below: number) => number): Value {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error('There is nothing to pick from.');
  return value;
}

function randomCommand(node: BoardNode, itemIds: ItemId[], random: (below: number) => number): AnyCommand {
  if (itemIds.length === 0 || random(6) === 0) {
    const creating = node.creating({ facts: { title: `Acme ${itemIds.length}`, seats: random(100) } });
    itemIds.push(creating.itemId);
    return creating;
  }
  const itemId = pick(itemIds, random);
  const facts = { company: random(2) === 0 ? null : `Company ${random(9)}`, signed: random(2) === 0 };
  // An item that this node does not know yet has no handoff to return; it accepts a made-up one instead.
  const isKnown = node.state.items.has(itemId);
  return pick<() => AnyCommand>(
    [
      () => node.claiming(itemId),
      () => node.commenting(itemId),
      () => node.offering(itemId),
      () => node.accepting(itemId),
      () => (isKnown && node.item(itemId).handoff ? node.returning(itemId) : node.accepting(itemId)),
      () => node.completing(itemId),
      () => node.reopening(itemId),
      () => node.linking(itemId, pick(itemIds, random)),
      () => node.unlinking(itemId, pick(itemIds, random)),
      () => ({
        type: 'recordFacts',
        id: newId(),
        itemId,
        facts,
        checklist: { done: random(2), total: random(4) },
      }),
      () =>
        node.board.joining(
          'carol',
          pick([{ legal: 'member' }, { provisioning: 'lead' }, {}] as const, random),
        ),
    ],
    random,
  )();
}

describeOnBoth('The rows of a board', (database) => {
  it.each(SEEDS)('are what its log says after whatever people did on two nodes (seed %i)', async (seed) => {
    const random = randomNumbers(seed);
    const board = await StoredBoard.create(database().db, { legal: 2 });
    const nodes = [await board.node(), await board.node()];
    const itemIds: ItemId[] = [];
    const kinds = new Set<string>();
    const sent: (readonly [PersonName, AnyCommand])[] = [];

    for (let round = 0; round < ROUNDS; round += 1) {
      const node = pick(nodes, random);
      node.nowMs = NOW_MS + round * 1_000 - random(3_000);
      const batch = Array.from({ length: 1 + random(4) }, () => {
        const repeated = sent.length > 0 && random(8) === 0;
        return repeated
          ? pick(sent, random)
          : ([pick(PEOPLE, random), randomCommand(node, itemIds, random)] as const);
      });
      sent.push(...batch);
      const { outcomes } = await node.commit(...batch);
      for (const outcome of outcomes) kinds.add(`${outcome.kind} ${outcome.isRepeat}`);
    }

    await board.expectRowsEqualReplay();
    for (const node of nodes) {
      node.apply(await node.log.catchUp(node.state));
      expect(comparable(node.state)).toEqual(comparable((await board.node()).state));
      for (const row of await board.rows()) expect(node.item(row.id)).toEqual(row);
    }
    expect([...kinds].sort()).toEqual(['accepted false', 'accepted true', 'refused false', 'refused true']);
  });
});
