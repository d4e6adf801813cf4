import { expect, test } from 'vitest';
import type { SetHoursBody, TeamHours, TeamWithHours } from '#lib/protocol/api.ts';
import { createApi, type Api } from '#lib/sync/api.ts';
import type { BoardId, TeamId } from '#lib/workflow/ids.ts';
import { ok } from '#lib/workflow/result.ts';
import { BoardHours } from './board-hours.svelte.ts';

const office = [{ fromMinute: 540, untilMinute: 1020 }];
const hours: TeamHours = {
  timeZone: 'Europe/Vienna',
  week: [office, office, office, office, office, [], []],
  holidays: ['2026-12-25'],
};
const sales = { id: 'sales' as TeamId, name: 'Sales', color: 'blue', hours: null, mayChange: true };
const legal: TeamWithHours = { ...sales, id: 'legal' as TeamId, name: 'Legal', hours };

/** The page of a board of Sales and Legal, and what it sends. */
async function opened() {
  const sent: [TeamId, SetHoursBody][] = [];
  const api: Api = {
    ...createApi(),
    hours: () => Promise.resolve(ok({ teams: [sales, legal] })),
    setHours: (_, teamId, body) => {
      sent.push([teamId, body]);
      return Promise.resolve(ok(null));
    },
  };
  const page = new BoardHours('board' as BoardId, { ownTimeZone: 'America/New_York', api });
  await page.load();
  const [ofSales, ofLegal] = page.drafts ?? [];
  if (!ofSales || !ofLegal) throw new Error('It was loaded.');
  return { page, ofSales, ofLegal, sent };
}

test('what a team has is shown as it would be typed, and sent back as it was', async () => {
  const { page, ofLegal, sent } = await opened();
  expect([ofLegal.isAroundTheClock, ofLegal.week[0], ofLegal.week[6]]).toEqual([false, '09:00–17:00', '']);
  await page.save(ofLegal);
  expect(sent).toEqual([['legal', { hours }]]);
  expect(ofLegal.isSaved).toBe(true);
});

test('a team that works around the clock begins with the hours of an office, where the person is', async () => {
  const { page, ofSales, sent } = await opened();
  await page.save(ofSales);
  ofSales.isAroundTheClock = false;
  await page.save(ofSales);
  expect(sent.map(([, body]) => body.hours)).toEqual([
    null,
    { timeZone: 'America/New_York', week: hours.week, holidays: [] },
  ]);
});

test('what is no time, no day or no opening at all is not sent', async () => {
  const { page, ofLegal, sent } = await opened();
  ofLegal.week[2] = 'noonish';
  expect(ofLegal.isDayWrong(2)).toBe(true);
  await page.save(ofLegal);
  ofLegal.week[2] = '';
  ofLegal.holidays = '2026-12-25\n2026-02-30';
  expect(ofLegal.wrongHolidays).toEqual(['2026-02-30']);
  await page.save(ofLegal);
  ofLegal.holidays = '';
  for (let day = 0; day < 7; day += 1) ofLegal.week[day] = '';
  expect(ofLegal.isNeverOpen).toBe(true);
  await page.save(ofLegal);
  expect(sent).toEqual([]);
});
