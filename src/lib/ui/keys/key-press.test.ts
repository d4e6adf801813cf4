import { expect, test } from 'vitest';
import { pressOf, type Pressed } from './key-press.ts';

function pressed(key: string, code: string, held: Partial<Record<string, boolean>> = {}): Pressed {
  return {
    key,
    code,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...held,
    getModifierState: (name) => held[name] ?? false,
  };
}

test.each([
  ['a letter', pressed('m', 'KeyM'), 'm'],
  ['a letter with Caps Lock on', pressed('M', 'KeyM', { CapsLock: true }), 'm'],
  ['a letter of a layout that prints no Latin ones', pressed('ь', 'KeyM'), 'm'],
  ['a letter where the layout prints it, not where it lies', pressed('a', 'KeyQ'), 'a'],
  ['a sign that needs Shift', pressed('?', 'Slash', { shiftKey: true }), '?'],
  ['a slash above the 7, as in German', pressed('/', 'Digit7', { shiftKey: true }), '/'],
  ['a question mark beside the 0, as in German', pressed('?', 'Minus', { shiftKey: true }), '?'],
  ['a sign that needs AltGr', pressed('/', 'KeyQ', { altKey: true, ctrlKey: true, AltGraph: true }), '/'],
  ['a digit that needs Shift to be printed, as in French', pressed('&', 'Digit1'), '1'],
  ['an arrow', pressed('ArrowUp', 'ArrowUp'), 'ArrowUp'],
  ['Ctrl and a letter', pressed('k', 'KeyK', { ctrlKey: true }), 'Mod+k'],
  ['Cmd and a letter', pressed('z', 'KeyZ', { metaKey: true }), 'Mod+z'],
  ['Ctrl and a letter in Cyrillic', pressed('л', 'KeyK', { ctrlKey: true }), 'Mod+k'],
])('the table knows %s', (_, event, name) => {
  expect(pressOf(event)).toBe(name);
});

test.each([
  ['Alt and a letter', pressed('m', 'KeyM', { altKey: true })],
  ['Shift and a letter', pressed('M', 'KeyM', { shiftKey: true })],
  ['Ctrl, Shift and a letter', pressed('Z', 'KeyZ', { ctrlKey: true, shiftKey: true })],
])('%s is left to the browser', (_, event) => {
  expect(pressOf(event)).toBe(null);
});
