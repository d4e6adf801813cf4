import type { WallTheme, WallView } from '#lib/protocol/api.ts';

/** What a wall's views are called, on the wall and where they are chosen. */
export function viewName(view: WallView): string {
  switch (view) {
    case 'owners':
      return 'Who has what now';
    case 'handoffs':
      return 'Between teams';
    case 'stalled':
      return 'Stalled';
  }
}

/** What an empty view says. */
export function nothingIn(view: WallView): string {
  switch (view) {
    case 'owners':
      return 'Nothing is open.';
    case 'handoffs':
      return 'Nothing is waiting to be accepted.';
    case 'stalled':
      return 'Nothing is past its limit.';
  }
}

export function themeName(theme: WallTheme): string {
  switch (theme) {
    case 'system':
      return 'As the device';
    case 'light':
      return 'Light';
    case 'dark':
      return 'Dark';
  }
}

/** A code in groups, to be read across a room: `ACD 3467`. */
export function spacedCode(code: string): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** `10:42:07`, with the day where it is not today's. */
export function clockTime(atMs: number, nowMs: number): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
  const isToday = day.format(atMs) === day.format(nowMs);
  return isToday ? time.format(atMs) : `${day.format(atMs)}, ${time.format(atMs)}`;
}
