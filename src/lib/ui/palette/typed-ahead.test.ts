import { describe, expect, test, vi } from 'vitest';
import { TypedAhead } from './typed-ahead.ts';

function typed(ahead: TypedAhead, ...keys: readonly (string | { key: string; ctrlKey: true })[]): number {
  const preventDefault = vi.fn();
  for (const one of keys) {
    const key = typeof one === 'string' ? { key: one } : one;
    ahead.type({
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      isComposing: false,
      stopPropagation: () => undefined,
      preventDefault,
      ...key,
    });
  }
  return preventDefault.mock.calls.length;
}

describe('what is typed before the palette has the focus', () => {
  test('is kept, and nothing else on the page hears it', () => {
    const ahead = new TypedAhead(() => undefined);
    expect(typed(ahead, 'o', 'n', 'x', 'Backspace', 'b')).toBe(5);
    expect(ahead.take()).toEqual({ text: 'onb', isEntered: false });
  });

  test('is the field’s own as soon as it was taken', () => {
    const ahead = new TypedAhead(() => undefined);
    typed(ahead, 'a');
    ahead.take();
    expect(typed(ahead, 'b')).toBe(0);
    expect(ahead.take().text).toBe('');
  });

  test('ends with Enter; keys of the browser stay the browser’s', () => {
    const ahead = new TypedAhead(() => undefined);
    expect(typed(ahead, 'a', { key: 'r', ctrlKey: true }, 'F5', 'Enter', 'z')).toBe(3);
    expect(ahead.take()).toEqual({ text: 'a', isEntered: true });
  });

  test('is given up with Escape', () => {
    const onEscape = vi.fn();
    typed(new TypedAhead(onEscape), 'Escape');
    expect(onEscape).toHaveBeenCalledOnce();
  });
});
