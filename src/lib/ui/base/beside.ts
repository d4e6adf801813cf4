export type Side = 'top' | 'bottom' | 'left' | 'right';

/** Between a box and what it belongs to. */
const GAP_PX = 6;
/** Kept free at the edge of the window. */
const MARGIN_PX = 8;
const OPPOSITE: Readonly<Record<Side, Side>> = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' };

type Box = Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>;
type Size = Pick<DOMRect, 'width' | 'height'>;

/** Puts a box of fixed position beside an element: on the side wished for, or on the other one where there is no room. */
export function placeBeside(box: HTMLElement, anchor: Element, side: Side): void {
  const { left, top } = besideOf(box.getBoundingClientRect(), anchor.getBoundingClientRect(), side, {
    width: document.documentElement.clientWidth,
    height: document.documentElement.clientHeight,
  });
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

/** Where the left upper corner of such a box stands, in the window. */
export function besideOf(box: Size, anchor: Box, wished: Side, room: Size): { left: number; top: number } {
  const side = fits(box, anchor, wished, room) ? wished : OPPOSITE[wished];
  const { left, top } = at(box, anchor, side);
  return {
    left: within(left, MARGIN_PX, room.width - box.width - MARGIN_PX),
    top: within(top, MARGIN_PX, room.height - box.height - MARGIN_PX),
  };
}

function at(box: Size, anchor: Box, side: Side): { left: number; top: number } {
  const left = anchor.left + (anchor.width - box.width) / 2;
  const top = anchor.top + (anchor.height - box.height) / 2;
  if (side === 'top') return { left, top: anchor.top - box.height - GAP_PX };
  if (side === 'bottom') return { left, top: anchor.top + anchor.height + GAP_PX };
  if (side === 'left') return { left: anchor.left - box.width - GAP_PX, top };
  return { left: anchor.left + anchor.width + GAP_PX, top };
}

function fits(box: Size, anchor: Box, side: Side, room: Size): boolean {
  const { left, top } = at(box, anchor, side);
  if (side === 'top' || side === 'bottom') return top >= 0 && top + box.height <= room.height;
  return left >= 0 && left + box.width <= room.width;
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
