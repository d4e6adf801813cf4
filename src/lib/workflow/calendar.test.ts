import { describe, expect, it } from 'vitest';
import { endOfDayMs, isCalendarDate } from './calendar.ts';

describe('calendar', () => {
  it('knows the days of a real calendar', () => {
    for (const date of ['2026-11-23', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31']) {
      expect(isCalendarDate(date), date).toBe(true);
    }
  });

  it('refuses days that do not exist, instead of rolling them over', () => {
    for (const date of [
      '2026-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-13-01',
      '2026-00-10',
      '2026-01-00',
      '0000-01-01',
    ]) {
      expect(isCalendarDate(date), date).toBe(false);
    }
  });

  it('refuses every other way to write a date', () => {
    for (const date of [
      '',
      '2026-1-2',
      '23.11.2026',
      '2026-11-23T00:00:00Z',
      ' 2026-11-23',
      '2026-11-23\n',
      '٢٠٢٦-11-23',
    ]) {
      expect(isCalendarDate(date), date).toBe(false);
    }
  });

  it('ends a day where Date says the next one begins, for every day of four centuries', () => {
    const firstMs = Date.UTC(1900, 0, 1);
    const lastMs = Date.UTC(2300, 0, 1);
    for (let dayMs = firstMs; dayMs < lastMs; dayMs += 86_400_000) {
      const date = new Date(dayMs).toISOString().slice(0, 10);
      if (endOfDayMs(date) !== dayMs + 86_400_000) throw new Error(`wrong end of ${date}`);
    }
  });

  it('has no end for what is no date', () => {
    expect(endOfDayMs('soon')).toBeNull();
  });
});
