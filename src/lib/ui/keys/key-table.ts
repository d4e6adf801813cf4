import type { CarryStep } from '#lib/state/board-carry.svelte.ts';
import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import type { Direction } from '#lib/state/card-grid.ts';
import { tick } from 'svelte';
import { doAction } from '../board/card-action.ts';
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
    says: 'Go to the next card in that direction',
    group: 'around',
    repeats: true,
    run: moveFocus,
  },
  {
    keys: ['h', 'j', 'k', 'l'],
    says: 'The same: left, down, up, right',
    group: 'around',
    repeats: true,
    run: moveFocus,
  },
  { keys: ['Enter'], says: 'Open the card', group: 'around', run: null },
  {
    keys: ['Escape'],
    says: 'Close a dialog; deselect; leave an item for the board',
    group: 'around',
    run: ({ board, leaveItem }) => deselect(board) || leaveItem(),
  },
  { keys: ['m'], says: 'Move: every way on, and what else can be done', group: 'card', run: openMove },
  { keys: ['1'], says: 'Accept', group: 'card', run: (ground) => act(ground, 'accept') },
  { keys: ['3'], says: 'Return', group: 'card', run: (ground) => act(ground, 'return') },
  { keys: ['a'], says: 'Assign', group: 'card', run: (ground) => act(ground, 'assign') },
  {
    keys: ['x'],
    says: 'Select, to do something with several at once',
    group: 'card',
    run: ({ board, card, isOnTitle }) => {
      if (card === null || !isOnTitle || !card.canAct) return false;
      board.selection.toggle(card);
      return true;
    },
  },
  {
    keys: [' '],
    says: 'Pick up, to carry it to another place or lane',
    group: 'card',
    run: ({ card, isOnTitle, pickUp }) => isOnTitle && card !== null && pickUp(card),
  },
  {
    keys: ['n'],
    says: 'New item',
    group: 'board',
    run: ({ board }) => {
      board.open({ kind: 'create', teamId: null });
      return true;
    },
  },
  {
    keys: ['/'],
    says: 'Filter the board by text',
    group: 'board',
    run: ({ board }) => focusFilter(board),
  },
  {
    keys: ['q'],
    says: 'Only what is mine, and back',
    group: 'board',
    run: ({ board }) => {
      if (!hasFilter()) return false;
      board.filters.toggle('mine');
      return true;
    },
  },
  {
    keys: [`${COMMAND}k`],
    says: 'Find items, actions, people and boards',
    group: 'board',
    whileTyping: true,
    run: ({ board, card }) => {
      board.open({ kind: 'palette', onItemId: card?.id ?? null });
      return true;
    },
  },
  {
    keys: [`${COMMAND}z`],
    says: 'Undo what you did last, while its note is shown',
    group: 'board',
    run: ({ board }) => {
      board.notes.undoLatest();
      return true;
    },
  },
  {
    keys: ['?'],
    says: 'This list',
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
    says: 'To the next place or column, and on to the next lane',
    group: 'carrying',
    repeats: true,
    run: ({ board }, key) => carry(board, DIRECTIONS[key]),
  },
  {
    keys: ['PageUp', 'PageDown'],
    says: 'To the lane above or below',
    group: 'carrying',
    repeats: true,
    run: ({ board }, key) => carry(board, LANES[key]),
  },
  {
    keys: [' ', 'Enter'],
    says: 'Drop it there',
    group: 'carrying',
    run: ({ board }) => {
      board.carry.drop();
      return true;
    },
  },
  {
    keys: ['Escape'],
    says: 'Put it back',
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
