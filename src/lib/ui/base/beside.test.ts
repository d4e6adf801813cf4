import { describe, expect, test } from 'vitest';
import { besideOf } from './beside.ts';

const ROOM = { width: 400, height: 300 };
const BOX = { width: 100, height: 20 };

describe('a box beside an element', () => {
  test('stands in the middle of the side that was wished for', () => {
    const anchor = { left: 200, top: 100, width: 40, height: 30 };
    expect(besideOf(BOX, anchor, 'bottom', ROOM)).toEqual({ left: 170, top: 136 });
    expect(besideOf(BOX, anchor, 'top', ROOM)).toEqual({ left: 170, top: 74 });
    expect(besideOf(BOX, anchor, 'right', ROOM)).toEqual({ left: 246, top: 105 });
    expect(besideOf(BOX, anchor, 'left', ROOM)).toEqual({ left: 94, top: 105 });
  });

  test('stands on the other side where there is no room', () => {
    expect(besideOf(BOX, { left: 200, top: 280, width: 40, height: 16 }, 'bottom', ROOM).top).toBe(254);
    expect(besideOf(BOX, { left: 360, top: 100, width: 40, height: 30 }, 'right', ROOM).left).toBe(254);
  });

  test('never leaves the window', () => {
    expect(besideOf(BOX, { left: 380, top: 100, width: 20, height: 30 }, 'bottom', ROOM).left).toBe(292);
    expect(besideOf(BOX, { left: 0, top: 100, width: 20, height: 30 }, 'bottom', ROOM).left).toBe(8);
  });
});
