import type { Stall } from '#lib/workflow/stall.ts';
import { formatLength } from './durations.ts';
import { counted } from './sentences.ts';

export const stalledWords = {
  title: 'Stalled',
  intro: 'Past their limit, or longer where they are than is usual. The longest stand first.',
  loading: 'Opening the board…',
  csv: 'Download as CSV',
  filter: 'Filter what is stalled',
  team: 'Who must move',
  anyTeam: 'All teams',
  workflow: 'Workflow',
  anyWorkflow: 'All workflows',
  seam: 'Seam',
  anySeam: 'All seams and steps',
  seamName: (from: string, to: string) => `${from} → ${to}`,
  withCount: (name: string, count: number) => (count === 0 ? name : `${name} (${count})`),
  shown: (shown: number, all: number) =>
    shown === all ? `${counted(all, 'item')} stalled` : `${shown} of ${all} stalled shown`,
  list: 'Stalled items',
  grouping: 'Group by',
  oneList: 'Not grouped',
  byTeam: 'By who must move',
  bySeam: 'By seam',
  noSeam: 'In work, not at a seam',
  more: (count: number) => `Show ${count} more`,
  none: 'Nothing is stalled',
  noneWhy: 'Everything on this board moves within its limits and within what is usual.',
  noneFits: 'Nothing that is stalled fits the filter',
  clear: 'Show all that is stalled',
} as const;

/** What is usual there, where there is history to say so; empty: the stall's own sentence says it, or nobody knows. */
export function usualSentence({ usual, because }: Stall): string {
  if (usual === null || because === 'unusual') return '';
  return `Half take up to ${formatLength(usual.p50Ms)}, 85 of 100 up to ${formatLength(usual.p85Ms)}.`;
}
