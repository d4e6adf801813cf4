import type { CarryStep } from '#lib/state/board-carry.svelte.ts';
import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import type { Direction } from '#lib/state/card-grid.ts';
import { tick } from 'svelte';
import { doAction } from '../board/card-action.ts';
import { keyWords } from '../words/keys.ts';
import { COMMAND } from './key-press.ts';

/** What a key acts on. */
export interface KeyGround {
  readonly board: BoardScreen;
  /** In focus, or the item whose page is open. */
  readonly card: BoardCard | null;
  /** The focus is on the card itself, and not on one of its buttons, which has Space for itself. */
  readonly isOnTitle: boolean;
  /** False: there is nothing to move between on this page, or the focus has arrows of its own. */
  readonly moveFocus: (direction: Direction, key: string) => boolean;
  readonly pickUp: (card: BoardCard) => boolean;
  /** False: this is the board already. */
  readonly leaveItem: () => boolean;
}

export type KeyGroup = 'around' | 'card' | 'carrying' | 'board';

export interface KeyBinding {
  readonly keys: readonly string[];
  readonly says: string;
  readonly group: KeyGroup;
  /** Held down it goes on. All others act once for each press. */
  readonly repeats?: true;
  /** It works while one types, too: it is no character. */
  readonly whileTyping?: true;
  /** False: it did not apply, and the key is the browser's. Null: the browser does it anyway, and the help says so. */
  readonly run: ((ground: KeyGround, key: string) => boolean) | null;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  h: 'left',
  j: 'down',
  k: 'up',
  l: 'right',
};
const LANES: Readonly<Record<string, CarryStep>> = { PageUp: 'laneUp', PageDown: 'laneDown' };
const FOUR_ARROWS = ['ArrowLeft', 'ArrowDown', 'ArrowUp', 'ArrowRight'] as const;

/** All keys of the board, once: the handler acts on them and the help shows them. */
export const KEY_TABLE: readonly KeyBinding[] = [
  {
    keys: FOUR_ARROWS,
    says: keyWords.nextCard,
    group: 'around',
    repeats: true,
    run: moveFocus,
  },
  {
    keys: ['h', 'j', 'k', 'l'],
    says: keyWords.nextCardByLetter,
    group: 'around',
    repeats: true,
    run: moveFocus,
  },
  { keys: ['Enter'], says: keyWords.open, group: 'around', run: null },
  {
    keys: ['Escape'],
    says: keyWords.leave,
    group: 'around',
    run: ({ board, leaveItem }) => deselect(board) || leaveItem(),
  },
  { keys: ['m'], says: keyWords.move, group: 'card', run: openMove },
  { keys: ['1'], says: keyWords.accept, group: 'card', run: (ground) => act(ground, 'accept') },
  { keys: ['3'], says: keyWords.return, group: 'card', run: (ground) => act(ground, 'return') },
  { keys: ['a'], says: keyWords.assign, group: 'card', run: (ground) => act(ground, 'assign') },
  {
    keys: ['x'],
    says: keyWords.select,
    group: 'card',
    run: ({ board, card, isOnTitle }) => {
      if (card === null || !isOnTitle || !card.canAct) return false;
      board.selection.toggle(card);
      return true;
    },
  },
  {
    keys: [' '],
    says: keyWords.pickUp,
    group: 'card',
    run: ({ card, isOnTitle, pickUp }) => isOnTitle && card !== null && pickUp(card),
  },
  {
    keys: ['n'],
    says: keyWords.create,
    group: 'board',
    run: ({ board }) => {
      board.open({ kind: 'create', teamId: null });
      return true;
    },
  },
  {
    keys: ['/'],
    says: keyWords.filter,
    group: 'board',
    run: ({ board }) => focusFilter(board),
  },
  {
    keys: ['q'],
    says: keyWords.mine,
    group: 'board',
    run: ({ board }) => {
      if (!hasFilter()) return false;
      board.filters.toggle('mine');
      return true;
    },
  },
  {
    keys: ['w'],
    says: keyWords.watch,
    group: 'card',
    run: pressWatch,
  },
  {
    keys: ['b'],
    says: keyWords.bell,
    group: 'board',
    run: ({ board }) => {
      board.open({ kind: 'bell' });
      return true;
    },
  },
  {
    keys: [`${COMMAND}k`],
    says: keyWords.find,
    group: 'board',
    whileTyping: true,
    run: ({ board, card }) => {
      board.open({ kind: 'palette', onItemId: card?.id ?? null });
      return true;
    },
  },
  {
    keys: [`${COMMAND}z`],
    says: keyWords.undo,
    group: 'board',
    run: ({ board }) => {
      board.notes.undoLatest();
      return true;
    },
  },
  {
    keys: ['?'],
    says: keyWords.help,
    group: 'board',
    run: ({ board }) => {
      board.open({ kind: 'keyHelp' });
      return true;
    },
  },
];

/** While a card is carried these are the only ones. */
export const CARRY_TABLE: readonly KeyBinding[] = [
  {
    keys: FOUR_ARROWS,
    says: keyWords.carryOn,
    group: 'carrying',
    repeats: true,
    run: ({ board }, key) => carry(board, DIRECTIONS[key]),
  },
  {
    keys: ['PageUp', 'PageDown'],
    says: keyWords.carryToLane,
    group: 'carrying',
    repeats: true,
    run: ({ board }, key) => carry(board, LANES[key]),
  },
  {
    keys: [' ', 'Enter'],
    says: keyWords.drop,
    group: 'carrying',
    run: ({ board }) => {
      board.carry.drop();
      return true;
    },
  },
  {
    keys: ['Escape'],
    says: keyWords.putBack,
    group: 'carrying',
    run: ({ board }) => {
      board.carry.cancel();
      return true;
    },
  },
];

/** One character and no modifier: what can be switched off. Space acts only on a card in focus. */
export function isLetter(key: string): boolean {
  return key.length === 1 && key !== ' ';
}

function moveFocus(ground: KeyGround, key: string): boolean {
  const direction = DIRECTIONS[key];
  return direction !== undefined && ground.moveFocus(direction, key);
}

function deselect({ selection }: BoardScreen): boolean {
  if (selection.cards.length === 0) return false;
  selection.clear();
  return true;
}

function openMove({ board, card }: KeyGround): boolean {
  if (card === null || !card.canAct) return false;
  board.open({ kind: 'move', itemId: card.id });
  return true;
}

function act({ board, card }: KeyGround, action: 'accept' | 'return' | 'assign'): boolean {
  if (!card?.actions.includes(action)) return false;
  doAction(board, card, action);
  return true;
}

/** Only the page of an item has the button: who watches it is asked of the server there. */
function pressWatch(): boolean {
  const button = document.querySelector<HTMLButtonElement>('#watch-item button');
  button?.click();
  return button !== null;
}

const filterField = () => document.getElementById('board-filter');

/** The filter bar stands on the board itself only. */
function hasFilter(): boolean {
  return filterField() !== null;
}

/** On a phone the field is behind a button, and must be shown before it can have the focus. */
function focusFilter(board: BoardScreen): boolean {
  if (!hasFilter()) return false;
  board.filters.isPanelOpen = true;
  void tick().then(() => filterField()?.focus());
  return true;
}

function carry(board: BoardScreen, step: CarryStep | undefined): boolean {
  if (step !== undefined) board.carry.move(step);
  return step !== undefined;
}
