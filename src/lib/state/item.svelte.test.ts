import { expect, test } from 'vitest';
import type { Command } from '#lib/workflow/commands.ts';
import type { FieldKey, ItemId, UserId } from '#lib/workflow/ids.ts';
import { SALES, WORKFLOW } from '../../../tests/support/board.ts';
import { BoardInMemory, ItemInMemory } from './board-in-memory.testing.ts';
import { BoardScreen } from './board.svelte.ts';
import { ItemHistory } from './item-history.svelte.ts';
import { ItemScreen, type ItemPageSource } from './item.svelte.ts';

const COMPANY = 'company' as FieldKey;
const alice = 'alice' as UserId;

test('what alice types before the item is open is written, though she has left its page by then', async () => {
  const source = new BoardInMemory({
    teams: [{ id: SALES, name: 'Sales', color: 'blue', position: 0, itemLimit: null }],
    workflows: [WORKFLOW],
    people: [{ id: alice, name: 'Alice', roles: { sales: 'member' } }],
    userId: alice,
    nowMs: Date.UTC(2026, 10, 23, 9),
  });
  const board = new BoardScreen({
    source,
    userId: alice,
    openItem: () => Promise.resolve(new ItemInMemory()),
  });
  const creating = { id: 'command', itemId: 'one', basis: { seq: 0 }, type: 'createItem', order: 'a0' };
  const what = { workflowId: WORKFLOW.id, workflowVersion: 1, facts: { title: 'Café Roux' } };
  source.decide({ ...creating, ...what } as unknown as Command, alice);
  const card = board.cards.byId.get('one' as ItemId);
  if (!card) throw new Error('It was created.');

  const opening = Promise.withResolvers<ItemPageSource>();
  const history = new ItemHistory(card.id, { store: null });
  const screen = new ItemScreen({ board, card, history, open: () => opening.promise });
  screen.set(COMPANY, 'Roux SARL');
  screen.destroy();
  const item = new ItemInMemory();
  opening.resolve(item as unknown as ItemPageSource);

  await expect.poll(() => item.facts()).toEqual({ company: 'Roux SARL' });
});
