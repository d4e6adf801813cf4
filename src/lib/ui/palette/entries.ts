import { BoardList } from '#lib/state/boards.svelte.ts';
import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import { likeliestFirst } from '#lib/state/palette-items.ts';
import { PaletteIndex, type Findable } from '#lib/state/palette-search.ts';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { doAction } from '../board/card-action.ts';
import {
  archivePath,
  boardPath,
  changesPath,
  itemPath,
  movesPath,
  peoplePath,
  replayPath,
  stalledPath,
} from '../board/links.ts';
import { actionName, actionWait, moveVerb } from '../words/actions.ts';
import { boardNames, ownerWords } from '../words/board-names.ts';
import { paletteEntryWords } from '../words/palette.ts';

/** One line of the palette: it leads somewhere, or does something. */
export interface PaletteEntry extends Findable {
  readonly label: string;
  /** In smaller type beside it: where an item is, whose. */
  readonly detail: string;
  readonly shortcut?: string;
  readonly href?: string;
  readonly run?: () => void;
}

export interface PaletteGroup {
  readonly name: string;
  readonly index: PaletteIndex<PaletteEntry>;
  /** How many are shown at once, and before anything is typed. */
  readonly max: number;
  readonly maxAtFirst: number;
}

const ACTIONS_MAX = 12;
const ITEMS_MAX = 8;
const ITEMS_AT_FIRST = 4;
const OTHERS_MAX = 5;
const PLACES_MAX = 10;
const BOARDS_AT_FIRST = 3;

/** What the palette finds, as of the moment it opens: what can't be done is not in it. */
export function paletteGroups(
  board: BoardScreen,
  onCard: BoardCard | null,
  isOnBoard: boolean,
): readonly PaletteGroup[] {
  return [
    ...(onCard
      ? [groupOf(paletteEntryWords.onItem(onCard.key), actionEntries(board, onCard), ACTIONS_MAX)]
      : []),
    groupOf(paletteEntryWords.items, itemEntries(board), ITEMS_MAX, ITEMS_AT_FIRST),
    ...(isOnBoard ? [groupOf(paletteEntryWords.people, personEntries(board), OTHERS_MAX, 0)] : []),
    groupOf(paletteEntryWords.thisBoard, placeEntries(board), PLACES_MAX),
  ];
}

/** They come from the server, after the palette has opened. */
export async function boardGroup(here: BoardId): Promise<PaletteGroup | null> {
  const list = new BoardList();
  await list.load();
  const others = (list.boards ?? []).filter(({ id }) => id !== here);
  const entries = others.map(({ id, name }) => ({
    id: `board-${id}`,
    text: paletteEntryWords.boardText(name),
    label: name,
    detail: '',
    href: boardPath(id),
  }));
  return entries.length === 0
    ? null
    : groupOf(paletteEntryWords.boards, entries, OTHERS_MAX, BOARDS_AT_FIRST);
}

function groupOf(
  name: string,
  entries: readonly PaletteEntry[],
  max: number,
  maxAtFirst = max,
): PaletteGroup {
  return { name, index: new PaletteIndex(entries), max, maxAtFirst };
}

function actionEntries(board: BoardScreen, card: BoardCard): PaletteEntry[] {
  const names = boardNames(board.ground, card.workflow);
  const moves = !card.canAct ? [] : board.movesOf(card);
  const ways = moves.filter(({ refusal, route }) => refusal === null && route.kind === 'seam');
  const handOvers = ways.map((move) =>
    entryOf(`move-${move.toStep.id}`, moveVerb(move, card, names), () => board.handOver(card, [move])),
  );
  const actions = card.actions
    .filter((action) => actionWait(action, card.item, board.clock.nowMs) === '')
    .map((action) =>
      entryOf(`do-${action}`, actionName(action), () => doAction(board, card, action), KEYS[action]),
    );
  const all = entryOf(
    'do-move',
    paletteEntryWords.move,
    () => board.open({ kind: 'move', itemId: card.id }),
    'M',
  );
  return [...handOvers, ...actions, ...(card.canAct ? [all] : [])];
}

const KEYS: Readonly<Record<string, string>> = { accept: '1', return: '3', assign: 'A' };

function itemEntries(board: BoardScreen): PaletteEntry[] {
  return likeliestFirst(board.cards.byId.values(), board.ground.member).map((card) => ({
    id: card.id,
    text: `${card.key} ${card.title}`,
    label: card.title,
    get detail() {
      return itemDetail(board, card);
    },
    shortcut: card.key,
    href: itemPath(board.boardId, card.id),
  }));
}

function itemDetail(board: BoardScreen, card: BoardCard): string {
  if (card.item.closed !== null) return paletteEntryWords[card.item.closed.kind];
  const team = board.ground.teams.get(card.item.holderTeamId)?.name ?? '';
  const { yours, unclaimed } = paletteEntryWords;
  return paletteEntryWords.itemDetail(team, card.isMine ? yours : (ownerWords(card) ?? unclaimed));
}

/** Whose items are shown is a filter of the board. */
function personEntries(board: BoardScreen): PaletteEntry[] {
  return [...board.ground.people.values()].map(({ id, name }) => ({
    id: `person-${id}`,
    text: name,
    label: name,
    detail: paletteEntryWords.showOnlyTheirs,
    run: () => showOnly(board, id),
  }));
}

function showOnly(board: BoardScreen, userId: UserId): void {
  const { people } = board.filters.filter;
  if (people.length !== 1 || people[0] !== userId) board.filters.showPerson(userId);
}

function placeEntries(board: BoardScreen): PaletteEntry[] {
  const canCreate = board.ground.teamsInOrder.some(({ id }) => board.startsIn(id).length > 0);
  const create = entryOf(
    'create',
    paletteEntryWords.newItem,
    () => board.open({ kind: 'create', teamId: null }),
    'N',
  );
  return [
    ...(canCreate ? [create] : []),
    linkOf('board', paletteEntryWords.board, boardPath(board.boardId)),
    linkOf('moves', paletteEntryWords.moves, movesPath(board.boardId)),
    linkOf('stalled', paletteEntryWords.stalled, stalledPath(board.boardId)),
    linkOf('changes', paletteEntryWords.changes, changesPath(board.boardId)),
    linkOf('replay', paletteEntryWords.replay, replayPath(board.boardId)),
    linkOf('people', paletteEntryWords.people, peoplePath(board.boardId)),
    linkOf('archive', paletteEntryWords.archive, archivePath(board.boardId)),
    entryOf('keys', paletteEntryWords.keyboard, () => board.open({ kind: 'keyHelp' }), '?'),
  ];
}

function entryOf(id: string, label: string, run: () => void, shortcut?: string): PaletteEntry {
  return { id, text: label, label, detail: '', run, ...(shortcut !== undefined && { shortcut }) };
}

function linkOf(id: string, label: string, href: string): PaletteEntry {
  return { id, text: label, label, detail: '', href };
}
