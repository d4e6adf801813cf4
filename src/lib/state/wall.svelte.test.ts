import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { OwnDisplay } from '#lib/protocol/api.ts';
import type { Api } from '#lib/sync/api.ts';
import type { SessionStatus } from '#lib/sync/session-status.ts';
import type { BoardId } from '#lib/workflow/ids.ts';
import { WallScreen, type WallSource } from './wall.svelte.ts';

const BOARD = 'board' as BoardId;
const LIVE: SessionStatus = { kind: 'live' };
const ENDED: SessionStatus = { kind: 'ended', why: 'noSuchBoard' };
const MINUTE_MS = 60_000;

/** A wall that is let in or not, as the test says. */
class Wall implements WallSource {
  readonly wall = { name: 'Onboarding', teams: [], items: [] };
  readonly asOf = 0;
  status: SessionStatus = { kind: 'opening' };
  #told: () => void = () => undefined;

  serverNow(): number {
    return Date.now();
  }

  subscribe(told: () => void): () => void {
    this.#told = told;
    return () => (this.#told = () => undefined);
  }

  destroy(): void {
    this.#told = () => undefined;
  }

  become(status: SessionStatus): void {
    this.status = status;
    this.#told();
  }
}

let walls: Wall[];
let looks: number;
let display: OwnDisplay | null;
let screen: WallScreen;

beforeEach(() => {
  vi.useFakeTimers();
  walls = [];
  looks = 0;
  display = { id: 'display', boardId: BOARD, name: 'Hallway', views: ['owners'], theme: 'dark' };
  const api = {
    ownDisplay: () => {
      looks += 1;
      return Promise.resolve({ ok: true, value: { display, pairing: null } });
    },
    askPairing: () => Promise.resolve({ ok: true, value: { code: 'ACDEFGH', expiresAt: 0 } }),
  };
  screen = new WallScreen({
    previewOf: null,
    api: api as unknown as Api,
    random: () => 0,
    openWall: () => {
      const wall = new Wall();
      walls.push(wall);
      return wall;
    },
  });
  screen.start();
});
afterEach(() => {
  screen.stop();
  vi.useRealTimers();
});

test('A revoked display that was live asks at once, and says so.', async () => {
  await vi.advanceTimersByTimeAsync(0);
  walls.at(-1)?.become(LIVE);
  display = null;
  walls.at(-1)?.become(ENDED);
  await vi.advanceTimersByTimeAsync(0);
  expect(screen.isRevoked).toBe(true);
  expect(screen.phase).toEqual({ kind: 'code', code: 'ACDEFGH' });
  expect(screen.wall).toBeNull();
});

test('A display that is not let in, whatever it asks, asks a few times a minute and not without end.', async () => {
  await vi.advanceTimersByTimeAsync(0);
  walls.at(-1)?.become(LIVE);
  const [before, opened] = [looks, walls.length];
  for (let second = 0; second < 60; second += 1) {
    walls.at(-1)?.become(ENDED);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(looks - before).toBeLessThanOrEqual(5);
  expect(walls.length - opened).toBeLessThanOrEqual(5);
  // What it last knew stays on the screen, as of when.
  expect([screen.phase.kind, screen.isLive, screen.wall?.name]).toEqual(['wall', false, 'Onboarding']);

  await vi.advanceTimersByTimeAsync(20_000);
  walls.at(-1)?.become(LIVE);
  expect(screen.isLive).toBe(true);
  display = null;
  walls.at(-1)?.become(ENDED);
  await vi.advanceTimersByTimeAsync(0);
  expect(screen.isRevoked).toBe(true);
});

test('Somebody who only looks on is told that there is no such wall.', async () => {
  screen.stop();
  const preview = new Wall();
  screen = new WallScreen({ previewOf: BOARD, openWall: () => preview });
  screen.start();
  preview.become(ENDED);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(screen.phase).toEqual({ kind: 'noWall' });
});
