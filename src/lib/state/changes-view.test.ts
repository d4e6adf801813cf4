import { afterEach, expect, test, vi } from 'vitest';
import type { TeamId } from '#lib/workflow/ids.ts';
import { spanFault, spanOf, viewFromQuery, viewToQuery, type ChangesView } from './changes-view.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const legal = 'legal' as TeamId;

afterEach(() => vi.unstubAllEnvs());

test('“since yesterday 17:00” is 17:00 by the clock of whoever looks, also over a night in which clocks change', () => {
  vi.stubEnv('TZ', 'Europe/Berlin');
  // Clocks went back at 03:00 on 25 October 2026: that night was an hour longer.
  const morning = Date.UTC(2026, 9, 25, 7);
  expect(spanOf('evening', morning)).toEqual({ fromMs: Date.UTC(2026, 9, 24, 15), toMs: null });
  expect(spanOf('evening', Date.UTC(2026, 9, 26, 7))).toEqual({
    fromMs: Date.UTC(2026, 9, 25, 16),
    toMs: null,
  });
});

test('the other named spans end now, and a chosen one is as it was chosen', () => {
  const now = Date.UTC(2026, 10, 23);
  expect(spanOf('8h', now)).toEqual({ fromMs: now - 8 * HOUR_MS, toMs: null });
  expect(spanOf('month', now)).toEqual({ fromMs: now - 30 * DAY_MS, toMs: null });
  expect(spanOf('week', now)).toEqual({ fromMs: now - 7 * DAY_MS, toMs: null });
  expect(spanOf({ fromMs: 1, toMs: 2 }, now)).toEqual({ fromMs: 1, toMs: 2 });
});

test.each<ChangesView>([
  { teamId: null, span: '8h' },
  { teamId: legal, span: 'week' },
  { teamId: 'all', span: { fromMs: 1_795_435_200_000, toMs: null } },
  { teamId: legal, span: { fromMs: 1_795_435_200_000, toMs: 1_795_435_260_000 } },
])('what %j shows is read back from its address', (view) => {
  expect(viewFromQuery(new URLSearchParams(viewToQuery(view)))).toEqual(view);
});

test('a mangled address still opens the page', () => {
  const view = viewFromQuery(new URLSearchParams('?since=ever&from=x&to=1e9&team='));
  expect(view).toEqual({ teamId: null, span: 'evening' });
});

test('a span that ends before it begins, is too long, or lies too far back is not shown', () => {
  const now = Date.UTC(2026, 10, 23);
  expect(spanFault({ fromMs: now - HOUR_MS, toMs: null }, now)).toBeNull();
  expect(spanFault({ fromMs: now + HOUR_MS, toMs: null }, now)).toBe('order');
  expect(spanFault({ fromMs: now - HOUR_MS, toMs: now - 2 * HOUR_MS }, now)).toBe('order');
  expect(spanFault({ fromMs: now - 32 * DAY_MS, toMs: null }, now)).toBe('long');
  expect(spanFault({ fromMs: now - 32 * DAY_MS, toMs: now - 31 * DAY_MS }, now)).toBe('early');
});
