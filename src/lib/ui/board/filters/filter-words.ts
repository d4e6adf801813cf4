import type { FilterMark } from '#lib/state/board-filter.ts';

/** What the switches of the filter are called, and what they mean at length. */
export const MARK_NAMES: Readonly<Record<FilterMark, string>> = {
  team: 'My team',
  mine: 'Mine',
  offered: 'Offered to us',
  waiting: 'Waiting on others',
  late: 'Late',
  returned: 'Returned',
};

export const MARK_HINTS: Readonly<Record<FilterMark, string>> = {
  team: 'Held by a team of yours, or offered to it',
  mine: 'Owned by you',
  offered: 'Offered to a team of yours: yours to accept or return',
  waiting: 'Waiting for somebody, or offered by your team and not taken yet',
  late: 'Past the limit of its step or handoff',
  returned: 'Came back with a reason',
};
