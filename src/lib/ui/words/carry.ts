import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { CarryNews } from '#lib/state/board-carry.svelte.ts';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import { dropDetail, dropVerb, whySentence } from './actions.ts';
import { boardNames } from './board-names.ts';
import { COLUMN_NAMES } from './board.ts';
import { marked, type MarkedSentence } from './marked.ts';
import { stopped } from './sentences.ts';

/** What is shown and read out while a card is carried by keyboard: the same words as on the lanes. */
export function carryWords(board: BoardScreen, card: BoardCard, news: CarryNews): string {
  if (news.kind === 'putBack') return `${card.key} is back where it was.`;
  if (news.kind === 'movedOn') return `${card.key} has changed meanwhile, and was not moved.`;
  const where = whereWords(board, card, news);
  return news.isFirst ? `${card.key} picked up. ${where}` : where;
}

function whereWords(board: BoardScreen, card: BoardCard, news: Extract<CarryNews, { kind: 'over' }>): string {
  const { spot, drop, place } = news;
  const names = boardNames(board.ground, card.workflow);
  const team = names.team(spot.teamId);
  const isHome = board.drag.drops?.homeTeamId === spot.teamId;
  const at = isHome ? `${team}, ${COLUMN_NAMES[spot.column]}` : team;
  if (place) return `${at}: ${place.position} of ${place.of}.`;
  if (drop.kind === 'no')
    return `${at}: not here. ${stopped(whySentence(drop.why, names, board.clock.nowMs))}`;
  const detail = dropDetail(drop);
  const verb = dropVerb(drop, card, names);
  return stopped(detail === '' ? `${at}: ${verb}` : `${at}: ${verb.replace('…', '')}, ${detail}`);
}

/** The keys that take it there, each before what it does. */
export function carryKeysSentence(key: (name: string) => string): MarkedSentence {
  const arrows = marked`*${key('ArrowUp')}**${key('ArrowDown')}**${key('ArrowLeft')}**${key('ArrowRight')}*`;
  return [
    ...arrows,
    ...marked` move *${key('PageDown')}* next lane *${key(' ')}* drop *${key('Escape')}* put back`,
  ];
}
