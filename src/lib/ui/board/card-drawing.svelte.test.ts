import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CardDrawing } from './card-drawing.svelte.ts';

let frames: (() => void)[] = [];

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function nextFrame(): void {
  const due = frames;
  frames = [];
  for (const draw of due) draw();
}

test('A small board is drawn at once.', () => {
  const drawing = new CardDrawing();
  const shares = [5, 0, 3].map((cards) => ({ cards, share: drawing.join({}, cards) }));

  for (const { cards, share } of shares) share.want(cards);

  expect(shares.every(({ cards, share }) => share.allowed >= cards)).toBe(true);
  expect(frames).toEqual([]);
});

test('Of a large board the first screen is drawn at once, and in the end every card.', () => {
  const drawing = new CardDrawing();
  const shares = Array.from({ length: 30 }, () => drawing.join({}, 40));
  const atFirst = shares.reduce((sum, { allowed }) => sum + allowed, 0);
  expect(atFirst).toBeLessThan(60);

  for (let frame = 0; frame < 400; frame += 1) {
    for (const share of shares) share.want(40);
    nextFrame();
  }

  expect(shares.every(({ allowed }) => allowed >= 40)).toBe(true);
});

test('A card that arrives in a drawn column does not wait for a frame.', () => {
  const share = new CardDrawing().join({}, 4);
  share.want(4);

  expect(share.allowed).toBeGreaterThan(4);
});

test('A column that has gone from the page holds nobody up.', () => {
  const drawing = new CardDrawing();
  const [, , , gone, last] = Array.from({ length: 5 }, () => drawing.join({}, 16));
  if (!gone || !last) throw new Error('There are five columns.');
  gone.want(16);
  const leave = gone.place({ offsetHeight: 900 } as HTMLElement);
  leave();
  last.want(16);
  nextFrame();

  expect(gone.allowed).toBe(0);
  expect(last.allowed).toBeGreaterThan(0);
});

test('What is in view is drawn frame by frame, and the rest in what is left of a frame.', () => {
  const idle: { draw: (deadline: IdleDeadline) => void; timeout: number }[] = [];
  vi.stubGlobal('requestIdleCallback', (draw: () => void, { timeout }: { timeout: number }) =>
    idle.push({ draw, timeout }),
  );
  let tell: (entries: { target: Element; isIntersecting: boolean }[]) => void = () => undefined;
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(callback: typeof tell) {
        tell = callback;
      }
      observe(): void {}
      unobserve(): void {}
    },
  );
  let nowMs = 5_000;
  vi.stubGlobal('performance', { now: () => nowMs });
  const drawing = new CardDrawing();
  const columns = ['near', 'far'].map((name) => {
    const share = drawing.join({}, 40);
    const edge = { name } as unknown as HTMLElement;
    const leave = share.edge(edge);
    return { share, leave, see: (isIntersecting: boolean) => tell([{ target: edge, isIntersecting }]) };
  });
  const [near, far] = columns;
  if (!near || !far) throw new Error('There are two columns.');
  const farAtFirst = far.share.allowed;
  const want = () => {
    for (const { share } of columns) share.want(40);
  };
  const idleFor = (freeMs: number, didTimeout = false) => {
    idle.pop()?.draw({ timeRemaining: () => freeMs, didTimeout });
    want();
  };

  near.see(true);
  want();
  while (near.share.allowed < 40) {
    expect([frames.length, far.share.allowed]).toEqual([1, farAtFirst]);
    nextFrame();
    want();
  }
  near.leave();
  nextFrame();
  want();
  expect([frames.length, idle.length, idle[0]?.timeout]).toEqual([0, 1, 1_000]);

  // In a frame that is nearly over it waits, but not for ever.
  nowMs += 400;
  idleFor(4);
  expect([far.share.allowed, idle[0]?.timeout]).toEqual([farAtFirst, 600]);
  idleFor(0, true);
  expect([far.share.allowed, idle[0]?.timeout]).toEqual([farAtFirst + 1, 1_000]);
  idleFor(11);
  expect(far.share.allowed).toBe(farAtFirst + 3);
  idleFor(50);
  expect(far.share.allowed).toBe(farAtFirst + 9);

  // Somebody scrolls there.
  far.see(true);
  expect(frames.length).toBe(1);
  nextFrame();
  expect(far.share.allowed).toBe(farAtFirst + 15);
});
