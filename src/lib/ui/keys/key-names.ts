import { CONTROL_PREFIX, KEY_NAMES, SPOKEN_KEYS } from '../words/keys.ts';
import { COMMAND } from './key-press.ts';

const isMac = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How a key is written for people: letters as the keyboard prints them. */
export function keyName(key: string): string {
  if (key.startsWith(COMMAND))
    return `${isMac() ? '⌘' : CONTROL_PREFIX}${keyName(key.slice(COMMAND.length))}`;
  return KEY_NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

export function spokenKey(key: string): string {
  return SPOKEN_KEYS[key] ?? keyName(key);
}
