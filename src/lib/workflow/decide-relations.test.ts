import { describe, expect, it } from 'vitest';
import { inReview, outcome, TestBoard } from '../../../tests/support/board.ts';
import { relationsOf, RELATIONS_MAX } from './relations.ts';

/** Item-1 with Legal, and these with Sales. */
function boardWith(...itemIds: string[]): TestBoard {
  const board = inReview();
  for (const itemId of itemIds) board.tell('alice', 'createItem', { itemId });
  return board;
}

const kindsOf = (board: TestBoard, itemId: string) =>
  relationsOf(board.item(itemId)).map(({ kind, itemId: otherId, key }) => [kind, otherId, key]);

describe('linking two items', () => {
  it('W180: bob of Legal says what blocks his item, and alice’s item says it too, the other way round', () => {
    const board = boardWith('item-2');
    board.tell('bob', 'linkItems', { otherId: 'item-2', kind: 'blockedBy' });
    expect(kindsOf(board, 'item-1')).toEqual([['blockedBy', 'item-2', board.item('item-2').key]]);
    expect(kindsOf(board, 'item-2')).toEqual([['blocks', 'item-1', board.item().key]]);
  });

  it('W180: alice takes away what bob has linked, and neither item says anything of it', () => {
    const board = boardWith('item-2');
    board.tell('bob', 'linkItems', { otherId: 'item-2', kind: 'duplicates' });
    expect(kindsOf(board, 'item-2')).toEqual([['duplicatedBy', 'item-1', board.item().key]]);
    board.tell('alice', 'unlinkItems', { itemId: 'item-2', otherId: 'item-1' });
    for (const itemId of ['item-1', 'item-2']) expect(board.item(itemId)).not.toHaveProperty('relations');
    expect(outcome(board.ask('bob', 'unlinkItems', { otherId: 'item-2' }))).toBe('notRelated');
  });

  it('W181: two items have one relation, an item has none to itself and none to what is not there', () => {
    const board = boardWith('item-2');
    board.tell('bob', 'linkItems', { otherId: 'item-2', kind: 'relatesTo' });
    expect(board.ask('alice', 'linkItems', { itemId: 'item-2', otherId: 'item-1', kind: 'blocks' })).toEqual({
      ok: false,
      refusal: {
        code: 'alreadyRelated',
        kind: 'relatesTo',
        key: board.item('item-2').key,
        otherKey: board.item().key,
      },
    });
    expect(outcome(board.ask('bob', 'linkItems', { otherId: 'item-1' }))).toBe('relatedToItself');
    expect(outcome(board.ask('bob', 'linkItems', { otherId: 'ghost' }))).toBe('noSuchItem');
  });

  it('W181: at either end there is room for twenty', () => {
    const others = Array.from({ length: RELATIONS_MAX + 1 }, (_, index) => `other-${index}`);
    const board = boardWith(...others);
    for (const otherId of others.slice(1)) board.tell('bob', 'linkItems', { otherId, kind: 'relatesTo' });
    const last = { otherId: 'other-0', kind: 'relatesTo' };
    expect(outcome(board.ask('bob', 'linkItems', last))).toBe('relationsFull');
    expect(outcome(board.ask('alice', 'linkItems', { itemId: 'other-0', otherId: 'item-1' }))).toBe(
      'relationsFull',
    );
  });
});

describe('what blocks what', () => {
  /** item-2 blocks item-3, which blocks item-1. */
  function chained(): TestBoard {
    const board = boardWith('item-2', 'item-3');
    board.tell('alice', 'linkItems', { itemId: 'item-2', otherId: 'item-3', kind: 'blocks' });
    board.tell('bob', 'linkItems', { otherId: 'item-3', kind: 'blockedBy' });
    return board;
  }

  it('W182: a circle is refused from both views, and the way around it is named', () => {
    const board = chained();
    const keys = ['item-2', 'item-3', 'item-1'].map((itemId) => board.item(itemId).key);
    const circle = { ok: false, refusal: { code: 'blocksInCircle', keys } };
    expect(board.ask('bob', 'linkItems', { otherId: 'item-2', kind: 'blocks' })).toEqual(circle);
    expect(
      board.ask('alice', 'linkItems', { itemId: 'item-2', otherId: 'item-1', kind: 'blockedBy' }),
    ).toEqual(circle);
    expect(outcome(board.ask('bob', 'linkItems', { otherId: 'item-2', kind: 'blockedBy' }))).toBe(
      'itemsLinked',
    );
  });

  it('W182: what is closed on the way keeps nobody waiting', () => {
    const board = chained();
    board.tell('ada', 'cancelItem', { itemId: 'item-3' });
    expect(outcome(board.ask('bob', 'linkItems', { otherId: 'item-2', kind: 'blocks' }))).toBe('itemsLinked');
  });

  it('W183: a blocked item is handed on all the same, and who is responsible has not changed', () => {
    const board = chained();
    const { responsibility } = inReview().item();
    expect(board.item().responsibility).toEqual(responsibility);
    expect(outcome(board.ask('bob', 'offerHandoff'))).toBe('handoffOffered');
  });
});
