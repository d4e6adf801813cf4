import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import { boardKeys } from './board-keys.ts';
import { CARRY_TABLE, isLetter, KEY_TABLE, type KeyGround } from './key-table.ts';

const asked: string[] = [];
vi.mock('../board/card-action.ts', () => ({
  doAction: (_board: unknown, _card: unknown, action: string) => void asked.push(action),
}));

// Nothing here is pressed on an element.
beforeAll(() => vi.stubGlobal('HTMLElement', class {}));
afterAll(() => vi.unstubAllGlobals());

/** A board that notes what keys asked of it; `canDo` are the actions of the card in focus. */
function deskWith(options: { canDo?: readonly string[]; hasLetters?: boolean; isCarrying?: boolean } = {}) {
  const note = (what: string) => () => void asked.push(what);
  const board = {
    flow: { kind: 'none' },
    keys: { hasLetters: options.hasLetters ?? true },
    carry: {
      card: options.isCarrying ? {} : null,
      move: (step: string) => void asked.push(`carry ${step}`),
      drop: note('drop'),
      cancel: note('put back'),
    },
    notes: { undoLatest: note('undo') },
    open: ({ kind }: { kind: string }) => void asked.push(kind),
  } as unknown as BoardScreen;
  const card = options.canDo
    ? ({
        id: 'one',
        actions: options.canDo,
        canAct: options.canDo.length > 0,
      } as unknown as KeyGround['card'])
    : null;
  const ground: KeyGround = {
    board,
    card,
    isOnTitle: card !== null,
    moveFocus: (direction) => {
      asked.push(direction);
      return true;
    },
    pickUp: () => {
      asked.push('pick up');
      return true;
    },
    leaveItem: () => false,
  };
  return {
    board,
    /** What was asked by that key; false at the end: the browser has it. */
    press: (key: string, event: Partial<KeyboardEvent> = {}): unknown[] => {
      asked.length = 0;
      let isOurs = false;
      boardKeys(
        {
          key,
          code: '',
          ctrlKey: false,
          metaKey: false,
          altKey: false,
          shiftKey: false,
          getModifierState: () => false,
          defaultPrevented: false,
          isComposing: false,
          repeat: false,
          target: null,
          preventDefault: () => (isOurs = true),
          ...event,
        },
        board,
        () => ground,
      );
      return [...asked, isOurs];
    },
  };
}

describe('the table of keys', () => {
  test.each([
    ['the board', KEY_TABLE],
    ['carrying', CARRY_TABLE],
  ])('gives each key of %s one meaning, and each meaning words of its own', (_, table) => {
    const keys = table.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(table.map(({ says }) => says)).size).toBe(table.length);
  });

  test('never mixes characters with other keys in one line, so that the switch is true of the whole line', () => {
    for (const { keys } of KEY_TABLE) expect(new Set(keys.map(isLetter)).size).toBe(1);
  });
});

describe('a key', () => {
  test.each([
    ['ArrowDown', 'down'],
    ['h', 'left'],
    ['j', 'down'],
    ['k', 'up'],
    ['l', 'right'],
    ['m', 'move'],
    ['1', 'accept'],
    ['a', 'assign'],
    ['3', 'return'],
    [' ', 'pick up'],
    ['n', 'create'],
    ['?', 'keyHelp'],
  ])('%s asks for "%s"', (key, expected) => {
    const { press } = deskWith({ canDo: ['accept', 'return', 'assign'] });
    expect(press(key)).toEqual([expected, true]);
  });

  test('asks for nothing that the card cannot do, and stays the browser’s', () => {
    const { press } = deskWith({ canDo: [] });
    for (const key of ['m', '1', '3', 'a']) expect(press(key)).toEqual([false]);
    expect(deskWith().press(' ')).toEqual([false]);
  });

  test('is the browser’s while a dialog is open', () => {
    const { board, press } = deskWith();
    board.flow = { kind: 'create', teamId: null };
    expect(press('n')).toEqual([false]);
  });

  test('that is held down acts once, unless it moves the focus', () => {
    const { press } = deskWith();
    expect(press('n', { repeat: true })).toEqual([false]);
    expect(press('j', { repeat: true })).toEqual(['down', true]);
  });

  test('of a single character does nothing once they are switched off, and the others go on', () => {
    const { press } = deskWith({ canDo: ['accept'], hasLetters: false });
    for (const key of ['j', 'n', '?', '1', 'm']) expect(press(key)).toEqual([false]);
    expect(press('ArrowLeft')).toEqual(['left', true]);
    expect(press(' ')).toEqual(['pick up', true]);
    expect(press('k', { ctrlKey: true })).toEqual(['palette', true]);
    expect(press('z', { metaKey: true })).toEqual(['undo', true]);
  });

  test('means something else while a card is carried', () => {
    const { press } = deskWith({ isCarrying: true });
    expect(press('ArrowDown')).toEqual(['carry down', true]);
    expect(press('PageUp')).toEqual(['carry laneUp', true]);
    expect(press('Enter')).toEqual(['drop', true]);
    expect(press('Escape')).toEqual(['put back', true]);
    expect(press('n')).toEqual([false]);
  });
});
