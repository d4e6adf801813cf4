import type { UserId, WorkflowId } from '#lib/workflow/ids.ts';
import type { Stall } from '#lib/workflow/stall.ts';
import type { Item, Member } from '#lib/workflow/state.ts';

/** What can be switched on and off, in the order in which it is drawn. All that are on must fit. */
export const FILTER_MARKS = ['team', 'mine', 'offered', 'waiting', 'stalled', 'returned'] as const;

export type FilterMark = (typeof FILTER_MARKS)[number];

/** How many cards have which mark; none yet. */
export function noMarks(): Record<FilterMark, number> {
  return { team: 0, mine: 0, offered: 0, waiting: 0, stalled: 0, returned: 0 };
}

/** In the list of people: whatever nobody owns. */
export const NOBODY = 'nobody';

/** Which cards are shown: a card has to fit each kind, and of the people any one. */
export interface BoardFilter {
  readonly text: string;
  readonly marks: readonly FilterMark[];
  readonly people: readonly (UserId | typeof NOBODY)[];
  readonly workflowId: WorkflowId | null;
}

export const NO_FILTER: BoardFilter = { text: '', marks: [], people: [], workflowId: null };

/** Longer than anybody types, and short enough for an address. */
const TEXT_CHARS_MAX = 200;
const PEOPLE_MAX = 50;

/**
 * The marks that fit an item, for one person; `stallAhead`: when it is stalled. `waiting`: on somebody else, be it a pause or an offer of one's own team
 * that nobody has taken. An admin sees everything, but only the teams that they have a part in are theirs.
 */
export function marksOf(
  item: Item,
  stallAhead: Stall | null,
  member: Member | undefined,
  nowMs: number,
): ReadonlySet<FilterMark> {
  const { handoff, holderTeamId } = item;
  const isOurs = (teamId: string): boolean => member !== undefined && Object.hasOwn(member.roles, teamId);
  const isOffered = handoff !== null && isOurs(handoff.toTeamId);
  const fits: Record<FilterMark, boolean> = {
    team: isOurs(holderTeamId) || isOffered,
    mine: member !== undefined && item.ownerId === member.userId,
    offered: isOffered,
    waiting: handoff === null ? item.waiting !== null : isOurs(holderTeamId),
    stalled: stallAhead !== null && nowMs > stallAhead.fromMs,
    returned: item.returned !== null,
  };
  return new Set(FILTER_MARKS.filter((mark) => fits[mark]));
}

export function isFiltering(filter: BoardFilter): boolean {
  return countActive(filter) > 0;
}

/** How many kinds narrow the board: each mark, the text, the people, the workflow. */
export function countActive({ text, marks, people, workflowId }: BoardFilter): number {
  return marks.length + [text.trim() !== '', people.length > 0, workflowId !== null].filter(Boolean).length;
}

export function fitsFilter(filter: BoardFilter, item: Item, marks: ReadonlySet<FilterMark>): boolean {
  return (
    filter.marks.every((mark) => marks.has(mark)) &&
    (filter.people.length === 0 || filter.people.includes(item.ownerId ?? NOBODY)) &&
    (filter.workflowId === null || filter.workflowId === item.workflowId) &&
    hasWords(item, filter.text)
  );
}

/** Every word stands somewhere in the key or a fact, whatever its case and accents. */
export function hasWords(item: Item, text: string): boolean {
  const words = folded(text).split(/\s+/);
  const inside = words.join('') === '' ? '' : textOf(item);
  return words.every((word) => inside.includes(word));
}

/** For an address: empty where nothing is filtered. Others may stand beside it. */
export function filterToQuery({ text, marks, people, workflowId }: BoardFilter): string {
  const query = new URLSearchParams();
  if (text.trim() !== '') query.set('q', text.trim());
  if (marks.length > 0) query.set('show', FILTER_MARKS.filter((mark) => marks.includes(mark)).join(','));
  if (people.length > 0) query.set('person', people.join(','));
  if (workflowId !== null) query.set('workflow', workflowId);
  // A comma is a plain character there, and an address is read by people.
  return query.toString().replaceAll('%2C', ',');
}

/** Passes over what this version does not know, so that an old link still opens the board. */
export function filterFromQuery(query: URLSearchParams): BoardFilter {
  const listed = (name: string): string[] => (query.get(name) ?? '').split(',').filter((one) => one !== '');
  const shown = new Set(listed('show'));
  return {
    text: (query.get('q') ?? '').slice(0, TEXT_CHARS_MAX),
    marks: FILTER_MARKS.filter((mark) => shown.has(mark)),
    people: [...new Set(listed('person'))].slice(0, PEOPLE_MAX) as UserId[],
    workflowId: (query.get('workflow') || null) as WorkflowId | null,
  };
}

/** An item is replaced when it changes, so what was made of it once stays true. */
const texts = new WeakMap<Item, string>();

function textOf(item: Item): string {
  const known = texts.get(item);
  if (known !== undefined) return known;
  const text = folded([item.key, ...Object.values(item.facts).map(String)].join('\n'));
  texts.set(item, text);
  return text;
}

function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}
