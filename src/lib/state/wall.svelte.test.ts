import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WallBoard } from '#lib/board/wall-document.ts';
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
  wall: WallBoard | null;
  asOf: number | null;
  status: SessionStatus = { kind: 'opening' };
  #told: () => void = () => undefined;

  constructor(stored: { wall: WallBoard; asOf: number } | null) {
    this.wall = stored?.wall ?? null;
    this.asOf = stored?.asOf ?? null;
  }

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
    if (status.kind === 'live') {
      this.wall = { name: 'Onboarding', teams: [], items: [] };
      this.asOf = Date.now();
    }
    this.#told();
  }
}

let walls: Wall[];
let stored: Map<string, string>;
let looks: number;
let chance: number;
let display: OwnDisplay | null;
let screen: WallScreen;

beforeEach(() => {
  vi.useFakeTimers();
  stored = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  });
  walls = [];
  looks = 0;
  chance = 0;
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
    random: () => chance,
    openWall: (_boardId, stored) => {
      const wall = new Wall(stored);
      walls.push(wall);
      return wall;
    },
  });
  screen.start();
});
afterEach(() => {
  screen.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What a screen that is switched on without a network would show. */
const kept = (): unknown => JSON.parse(stored.get('baton.wall') ?? 'null');

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
  const [before, opened, asOf] = [looks, walls.length, screen.asOf];
  for (let second = 0; second < 60; second += 1) {
    walls.at(-1)?.become(ENDED);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(looks - before).toBeLessThanOrEqual(5);
  expect(walls.length - opened).toBeLessThanOrEqual(5);
  // What it last knew stays on the screen, as of when.
  expect([screen.phase.kind, screen.isLive, screen.wall?.name]).toEqual(['wall', false, 'Onboarding']);
  expect(screen.asOf).toBe(asOf);
  expect(kept()).toMatchObject({ wall: { name: 'Onboarding' }, asOf });

  await vi.advanceTimersByTimeAsync(20_000);
  walls.at(-1)?.become(LIVE);
  expect(screen.isLive).toBe(true);
  display = null;
  walls.at(-1)?.become(ENDED);
  await vi.advanceTimersByTimeAsync(0);
  expect(screen.isRevoked).toBe(true);
});

test('A wall whose server speaks a later version shows what it knew until it is loaded anew.', async () => {
  await vi.advanceTimersByTimeAsync(0);
  walls.at(-1)?.become(LIVE);
  // It is loaded anew within a minute: here at its end.
  chance = 0.99;
  walls.at(-1)?.become({ kind: 'ended', why: 'outdated' });
  await vi.advanceTimersByTimeAsync(35_000);
  expect(walls.length).toBeGreaterThan(1);
  expect([screen.wall?.name, screen.isLive]).toEqual(['Onboarding', false]);
  expect(kept()).toMatchObject({ wall: { name: 'Onboarding' } });
});

test('Somebody who only looks on is told that there is no such wall.', async () => {
  screen.stop();
  const preview = new Wall(null);
  screen = new WallScreen({ previewOf: BOARD, openWall: () => preview });
  screen.start();
  preview.become(ENDED);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(screen.phase).toEqual({ kind: 'noWall' });
});
