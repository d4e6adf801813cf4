import { expect, test } from 'vitest';
import type { FieldKey, ItemId, UserId } from '#lib/workflow/ids.ts';
import { LONG_MS } from '#lib/workflow/stall.ts';
import type { BoardState } from '#lib/workflow/state.ts';
import { offeredToLegal } from '../../../tests/support/board.ts';
import { wallFromDocument } from './wall-document.ts';
import { createWallDocument, nameOnWall } from './wall-projection.ts';

const ITEM = 'item-1' as ItemId;
const stalls = { usual: () => undefined, hours: () => undefined };

/** The same board, on which the fields of these keys are shown on walls. */
function showing(state: BoardState, keys: readonly string[]): BoardState {
  const workflows = new Map(
    [...state.workflows].map(([key, workflow]) => [
      key,
      {
        ...workflow,
        fields: workflow.fields.map((field) =>
          keys.includes(field.key) ? { ...field, showsOnWall: true } : field,
        ),
      },
    ]),
  );
  return { ...state, workflows };
}

test('S92: a fact is on the wall only where its field says so, and a person by name', () => {
  const { state } = offeredToLegal();
  const people = new Map([['alice' as UserId, { name: 'Alice' }]]);
  const wallOf = (of: BoardState) => {
    const [item] = wallFromDocument(createWallDocument('B', { state: of, people, stalls })).items;
    return item;
  };
  const keys = Object.keys(state.items.get(ITEM)?.facts ?? {}) as FieldKey[];
  expect(keys).toContain('company');
  expect(wallOf(state)?.facts).toEqual([]);
  expect(wallOf(showing(state, ['company']))?.facts.map(({ value }) => value)).toEqual(['Acme Ltd']);
  const contact = wallOf(showing(state, ['contact']))?.facts[0];
  expect(contact?.type === 'person' ? contact.value : 'Alice').toBe('Alice');
});

test('S92: an offer stands with its sender, and says whom it waits for, since when, and from when on it is stalled', () => {
  const { state } = offeredToLegal();
  const [item] = wallFromDocument(createWallDocument('B', { state, people: new Map(), stalls })).items;
  expect(item?.holderTeamId).toBe('sales');
  expect(item?.handoff).toEqual({ fromTeamId: 'sales', toTeamId: 'legal', offeredAt: item?.since });
  expect((item?.stalledFrom ?? 0) - (item?.since ?? 0)).toBe(LONG_MS.gap);
});

test('S93: the name of an owner who came only now is written once it is known', () => {
  const board = offeredToLegal();
  board.tell('bob', 'acceptHandoff');
  const bob = 'bob' as UserId;
  const { state } = board;
  const doc = createWallDocument('B', { state, people: new Map([[bob, { name: '' }]]), stalls });
  nameOnWall(doc, { state, people: new Map([[bob, { name: 'Bob' }]]), stalls });
  expect(wallFromDocument(doc).items[0]?.owner).toBe('Bob');
});
