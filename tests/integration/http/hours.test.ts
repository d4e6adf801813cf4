import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HoursAnswer, TeamHours } from '../../../src/lib/protocol/api.ts';
import { BoardOnServer } from './board.ts';
import type { Browser } from './browser.ts';
import { TestServer } from './test-server.ts';

let server: TestServer;
let ada: Browser;
let alice: Browser;
let bob: Browser;
let board: BoardOnServer;

beforeAll(async () => {
  server = await TestServer.open();
  ada = await server.setUp();
  board = await BoardOnServer.make(server, ada);
  alice = await board.join('alice', 'Sales', 'lead');
  bob = await board.join('bob', 'Legal', 'member');
});
afterAll(() => server.close());

const office = [{ fromMinute: 540, untilMinute: 1020 }];
const hours: TeamHours = {
  timeZone: 'Europe/Vienna',
  week: [office, office, office, office, office, [], []],
  holidays: ['2026-12-25'],
};
const path = (team?: string) => `/api/v1/boards/${board.id}/hours${team ? `/${board.team(team)}` : ''}`;

async function hoursOf(team: string, browser: Browser = bob): Promise<TeamHours | null | undefined> {
  const { status, body } = await browser.get<HoursAnswer>(path());
  expect(status).toBe(200);
  return body.teams.find(({ name }) => name === team)?.hours;
}

test('A85: alice sets the hours of Sales, which she leads; bob sees them and sets none; ada sets any', async () => {
  expect(await hoursOf('Sales')).toBeNull();
  expect((await alice.put(path('Sales'), { hours })).status).toBe(204);
  expect(await hoursOf('Sales')).toEqual(hours);
  expect((await alice.put(path('Legal'), { hours })).status).toBe(403);
  expect((await bob.put(path('Legal'), { hours })).status).toBe(403);
  expect((await ada.put(path('Legal'), { hours })).status).toBe(204);
  const { body } = await alice.get<HoursAnswer>(path());
  expect(body.teams.filter(({ mayChange }) => mayChange).map(({ name }) => name)).toEqual(['Sales']);
  expect((await ada.put(path('Legal'), { hours: null })).status).toBe(204);
  expect(await hoursOf('Legal')).toBeNull();
});

test('A85: a stranger learns nothing, and a team that is not there has no hours', async () => {
  expect((await server.browser().get(path())).status).toBe(401);
  const elsewhere = await BoardOnServer.make(server, ada);
  expect((await alice.get(`/api/v1/boards/${elsewhere.id}/hours`)).status).toBe(404);
  const nobody = `/api/v1/boards/${board.id}/hours/${crypto.randomUUID()}`;
  expect([(await alice.put(nobody, { hours })).status, (await ada.put(nobody, { hours })).status]).toEqual([
    403, 404,
  ]);
  const noId = `/api/v1/boards/${board.id}/hours/legal`;
  expect((await ada.put(noId, { hours })).status).toBe(404);
});

const overlapping = [
  { fromMinute: 540, untilMinute: 800 },
  { fromMinute: 700, untilMinute: 1020 },
];
const daily = (openings: unknown) => ({ ...hours, week: Array.from({ length: 7 }, () => openings) });

test.each<[string, unknown]>([
  ['no time zone that there is', { ...hours, timeZone: 'Europe/Atlantis' }],
  ['a name that browsers know and hours can’t be counted in', { ...hours, timeZone: 'PST' }],
  ['an offset in place of a time zone', { ...hours, timeZone: '+02:00' }],
  ['openings that overlap', daily(overlapping)],
  ['an opening that ends before it begins', daily([{ fromMinute: 600, untilMinute: 600 }])],
  ['an opening past midnight', daily([{ fromMinute: 600, untilMinute: 1500 }])],
  ['half minutes', daily([{ fromMinute: 600.5, untilMinute: 700 }])],
  ['a week of six days', { ...hours, week: hours.week.slice(1) }],
  ['a week without any opening', daily([])],
  [
    'more openings than a day may have',
    daily([0, 1, 2, 3, 4].map((at) => ({ fromMinute: 2 * at, untilMinute: 2 * at + 1 }))),
  ],
  ['a holiday that no calendar has', { ...hours, holidays: ['2026-02-30'] }],
  ['too many holidays', { ...hours, holidays: Array.from({ length: 201 }, () => '2026-12-25') }],
  ['something more', { ...hours, colour: 'red' }],
])('A85: hours with %s are refused as malformed and change nothing', async (_, wrong) => {
  const before = await hoursOf('Sales');
  const answer = await alice.put<{ error: { code: string } }>(path('Sales'), { hours: wrong });
  expect([answer.status, answer.body.error.code]).toEqual([400, 'malformed']);
  expect(await hoursOf('Sales')).toEqual(before);
});
