import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as Y from 'yjs';
import type { FieldKey, ItemId, UserId } from '#lib/workflow/ids.ts';
import { Presence } from './presence.ts';

const ITEM = '0b7c9d3e-0000-4000-8000-000000000001' as ItemId;
const OTHER = '0b7c9d3e-0000-4000-8000-000000000002' as ItemId;
const VALUE = 'contractValue' as FieldKey;
const BOB = { id: 'bob', name: 'Bob' };

/** alice’s end of the line, and whatever state another browser is said to have. */
function hereAsAlice() {
  const presence = new Presence({ id: 'alice' as UserId, name: 'Alice' }, () => undefined);
  const awareness = presence.attach(new Y.Doc());
  onTestFinished(() => presence.destroy());
  const arrive = (state: Record<string, unknown>): void => {
    const theirs = new Awareness(new Y.Doc());
    theirs.setLocalState(state);
    applyAwarenessUpdate(awareness, encodeAwarenessUpdate(theirs, [theirs.clientID]), 'line');
    theirs.destroy();
  };
  const bob = () => presence.people.find(({ userId }) => userId === BOB.id);
  return { arrive, bob, presence };
}

test('what bob does in two tabs is one person who looks, moves and writes', () => {
  const { arrive, bob } = hereAsAlice();
  arrive({ user: BOB, lookingAt: ITEM, writing: { itemId: ITEM, field: VALUE } });
  arrive({ user: BOB, lookingAt: ITEM, dragging: OTHER, writing: { itemId: ITEM, field: VALUE } });
  expect(bob()).toMatchObject({
    lookingAt: [ITEM],
    dragging: [OTHER],
    writing: [{ itemId: ITEM, field: VALUE }],
  });
});

test('in the description or checklist bob writes in no field', () => {
  const { arrive, bob } = hereAsAlice();
  arrive({ user: BOB, writing: { itemId: ITEM, field: null } });
  expect(bob()?.writing).toEqual([{ itemId: ITEM, field: null }]);
});

describe('what a stranger’s browser makes up does not count, and he is still here', () => {
  const deep = JSON.parse('{"itemId":{"itemId":{}},"field":[[[]]]}') as unknown;
  test.each([
    ['no object', 'here'],
    ['a list', [ITEM, VALUE]],
    ['no item', { field: VALUE }],
    ['no field', { itemId: ITEM }],
    ['an item that is none', { itemId: 'x'.repeat(4_000), field: VALUE }],
    ['a key that objects have by themselves', { itemId: ITEM, field: '__proto__' }],
    ['a text as the field', { itemId: ITEM, field: 'a place with blanks' }],
    ['objects instead of texts', deep],
    ['numbers', { itemId: 1, field: 2 }],
  ])('%s', (_name, made) => {
    const { arrive, bob } = hereAsAlice();
    arrive({ user: BOB, lookingAt: made, dragging: made, writing: made });
    expect(bob()).toMatchObject({ lookingAt: [], dragging: [], writing: [] });
  });
});
