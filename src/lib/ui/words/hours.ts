/** The words of the page that says when teams work. */
export const hoursWords = {
  title: 'Hours',
  intro:
    'When each team works. Limits count the hours of the team that must move; a team without hours works around the clock.',
  aroundTheClock: 'Works around the clock',
  timeZone: 'Time zone',
  timeZoneHint: 'By its name, such as Europe/Vienna',
  week: 'Open on',
  weekHint: 'Such as 9:00–12:30, 13:00–17:00; empty: closed',
  days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  dayWrong: 'Times from earlier to later, such as 9:00–17:00',
  neverOpen: 'On one day at least it has to be open.',
  holidays: 'Closed on these days',
  holidaysHint: 'One a line, such as 2026-12-25',
  holidaysWrong: (days: readonly string[]) => `No such day: ${days.join(', ')}`,
  refused: 'These hours can’t be kept. Look at the time zone first.',
  saved: 'Saved',
  onlyLeads: 'Who leads the team can change this.',
  closed: 'closed',
} as const;
