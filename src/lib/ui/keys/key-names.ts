import { COMMAND } from './key-press.ts';
import type { KeyGroup } from './key-table.ts';

/** How keys are written for people. */
const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  Escape: 'Esc',
  ' ': 'Space',
};
const SPOKEN: Readonly<Record<string, string>> = {
  ArrowUp: 'Up arrow',
  ArrowDown: 'Down arrow',
  ArrowLeft: 'Left arrow',
  ArrowRight: 'Right arrow',
  '?': 'Question mark',
  '/': 'Slash',
};

export const GROUP_NAMES: Readonly<Record<KeyGroup, string>> = {
  around: 'Moving about',
  card: 'The card in focus',
  carrying: 'While a card is picked up',
  board: 'The board',
};

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Letters as the keyboard prints them. */
export function keyName(key: string): string {
  if (key.startsWith(COMMAND)) return `${isMac() ? '⌘' : 'Ctrl+'}${keyName(key.slice(COMMAND.length))}`;
  return NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

export function spokenKey(key: string): string {
  return SPOKEN[key] ?? keyName(key);
}
