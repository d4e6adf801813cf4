/** The parts of a `KeyboardEvent` that say which key it is. */
export type Pressed = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'getModifierState'
>;

/** Ctrl, or Cmd on a Mac, in the names that `pressOf` gives. */
export const COMMAND = 'Mod+';

/**
 * The name of what was pressed, as the table of keys has it: `m`, `?`, `ArrowUp`, `Mod+k`; null: nothing of ours. Signs
 * count as what they print (`?` and `/` lie elsewhere on every layout), letters where a Latin keyboard has them if the
 * layout prints no Latin ones, and digits also where they are typed with Shift.
 */
export function pressOf(event: Pressed): string | null {
  const isSign = event.getModifierState('AltGraph') && event.key.length === 1;
  if (event.altKey && !isSign) return null;
  const isCommand = (event.ctrlKey || event.metaKey) && !isSign;
  if (isCommand) return event.shiftKey ? null : COMMAND + latin(event);
  if (event.shiftKey && /^\p{L}$/u.test(event.key) && !event.getModifierState('CapsLock')) return null;
  return latin(event);
}

function latin({ key, code, shiftKey }: Pressed): string {
  if (key.length !== 1) return key;
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined && /^\p{L}$/u.test(key)) return letter.toLowerCase();
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  return digit !== undefined && !shiftKey && !/^[?/]$/.test(key) ? digit : key;
}
