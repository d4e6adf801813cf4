import type { CardAction } from '#lib/state/board-actions.ts';
import type { BoardCard } from '#lib/state/board-card.svelte.ts';
import type { Drop } from '#lib/state/board-drops.ts';
import type { BoardGround } from '#lib/state/board-ground.svelte.ts';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import type { BoardNews, LeftOut } from '#lib/state/board-news.ts';
import type { WorkflowVersion } from '#lib/workflow/definition.ts';
import type { Move, NoWay } from '#lib/workflow/legal-moves.ts';
import type { Column } from '#lib/workflow/place.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import type { Item } from '#lib/workflow/state.ts';
import { namesFrom, SOMEBODY_GONE, type Names } from '../words/names.ts';
import { noWaySentence, refusalSentence } from '../words/refusals.ts';
import { counted, stopped } from '../words/sentences.ts';

export const COLUMN_NAMES: Readonly<Record<Column, string>> = {
  incoming: 'Incoming',
  working: 'Working',
  waiting: 'Waiting',
};

/** What a column means, for the one who sees the board for the first time. */
export const COLUMN_HINTS: Readonly<Record<Column, string>> = {
  incoming: 'offered, waiting for a yes',
  working: 'with this team now',
  waiting: 'paused, and on whom',
};

export function boardNames(ground: BoardGround, workflow: WorkflowVersion | null): Names {
  return namesFrom({ me: ground.userId, people: ground.people, teams: ground.teams, workflow });
}

/** The name of whose it is; null: nobody's. */
export function ownerWords(card: BoardCard): string | null {
  return card.item.ownerId === null ? null : (card.ownerName ?? SOMEBODY_GONE);
}

export function whySentence(why: Refusal | NoWay, names: Names, nowMs: number): string {
  return why.code === 'noStepInLane' || why.code === 'noSeamToLane'
    ? noWaySentence(why, names)
    : refusalSentence(why, names, nowMs);
}

/** The verb of a move, as it stands on lanes, menus and buttons. */
export function moveVerb(move: Move, card: BoardCard, names: Names): string {
  const team = names.team(move.toStep.teamId);
  if (move.route.kind === 'back') return `Send back to ${team}`;
  if (move.toStep.teamId === card.item.holderTeamId) return `Go on to ${move.toStep.name}`;
  if (move.route.kind === 'skip') return `Skip ahead to ${team}`;
  if (move.route.kind === 'detour') return `Detour to ${team}`;
  return `Hand to ${team}`;
}

/** What a drop will do, shown on the lane while the card is in the air. */
export function dropVerb(drop: Drop, card: BoardCard, names: Names): string {
  switch (drop.kind) {
    case 'order':
      return 'Put in order';
    case 'accept':
      return 'Accept';
    case 'return':
      return 'Return…';
    case 'withdraw':
      return 'Withdraw the offer';
    case 'wait':
      return 'Put on waiting…';
    case 'resume':
      return 'Resume';
    case 'moves': {
      const [first] = drop.moves;
      if (!first) return '';
      if (drop.isOffPath) return `Off the path to ${names.team(first.toStep.teamId)}…`;
      if (drop.moves.length > 1) return `Hand to ${names.team(first.toStep.teamId)}…`;
      return moveVerb(first, card, names);
    }
    case 'nothing':
    case 'no':
      return 'Not here';
  }
}

/** What the drop will still ask for; empty: nothing, it is done at once. */
export function dropDetail(drop: Drop): string {
  if (drop.kind !== 'moves') return '';
  const [first] = drop.moves;
  if (drop.isOffPath) return 'asks for a reason';
  if (drop.moves.length > 1) return `asks which of ${drop.moves.length} ways`;
  if (!first) return '';
  if (first.needsReason) return 'asks for a reason';
  return first.missing.length === 0 ? '' : `asks for ${counted(first.missing.length, 'field')}`;
}

const ACTIONS: Readonly<Record<CardAction, string>> = {
  accept: 'Accept',
  return: 'Return…',
  withdraw: 'Withdraw the offer',
  claim: 'Claim',
  assign: 'Assign…',
  wait: 'Wait…',
  resume: 'Resume',
  complete: 'Complete',
  sendBack: 'Send back…',
  cancel: 'Cancel…',
  reopen: 'Reopen…',
  nudge: 'Nudge',
};

export function actionName(action: CardAction): string {
  return ACTIONS[action];
}

const DONE: Readonly<Record<Extract<BoardNews, { kind: 'done' }>['action'], string>> = {
  accept: 'accepted',
  return: 'returned',
  withdraw: 'taken back',
  claim: 'claimed by you',
  wait: 'put on waiting',
  resume: 'resumed',
  complete: 'completed',
  cancel: 'cancelled',
  reopen: 'reopened',
  nudge: 'nudged',
};

export interface NewsWords {
  readonly sentence: string;
  readonly tone: 'good' | 'warn' | 'danger';
}

/** What has just happened, for the passing note and the live region: `ONB-12 offered to Legal`. */
export function newsWords(board: BoardScreen, news: BoardNews): NewsWords {
  const words = wordsOf(news, board.ground, board.clock.nowMs);
  // Nothing has reached anybody yet, and the words must not sound as if it had.
  const isKeptOnly = !board.isLive && words.tone === 'good';
  return isKeptOnly ? { ...words, sentence: `${words.sentence}, not sent yet` } : words;
}

function wordsOf(news: BoardNews, ground: BoardGround, nowMs: number): NewsWords {
  const item = 'item' in news ? news.item : null;
  const names = boardNames(ground, item && ground.workflowOf(item));
  switch (news.kind) {
    case 'created':
      return good(`“${news.title}” created in ${names.team(news.teamId)}`);
    case 'offered':
      return good(
        `${news.item.key} ${news.isAutomatic ? 'handed' : 'offered'} to ${names.team(news.toTeamId)}`,
      );
    case 'sentBack':
      return good(`${news.item.key} sent back to ${names.team(news.toTeamId)}`);
    case 'moved':
      return good(`${news.item.key} is now ${news.position} of ${news.of}`);
    case 'assigned':
      return good(
        news.ownerId === null
          ? `${news.item.key} is unclaimed again`
          : `${news.item.key} assigned to ${names.fullName(news.ownerId)}`,
      );
    case 'done':
      return good(`${news.item.key} ${DONE[news.action]}`);
    case 'notPossible':
      return { sentence: withKey(item, whySentence(news.refusal, names, nowMs)), tone: 'warn' };
    case 'refused':
      return {
        sentence: withKey(item, `Not done. ${whySentence(news.refusal, names, nowMs)}`),
        tone: 'danger',
      };
    case 'leftOut':
      return { sentence: withKey(item, LEFT_OUT[news.why]), tone: 'warn' };
    case 'several':
      return severalWords(news.all, ground, nowMs);
    case 'notKept':
      return {
        sentence: 'This browser could not keep that, so nothing was changed. Try it again.',
        tone: 'danger',
      };
  }
}

const LEFT_OUT: Readonly<Record<LeftOut, string>> = {
  choice: 'There are several ways; choose one on its card.',
  reason: 'It asks for a reason; give it on its card.',
  readBack: 'It asks what you do next; accept it on its card.',
  notFor: 'This can’t be done with it now.',
};

/** `3 items offered to Legal. Not done: ONB-4: …` */
function severalWords(all: readonly BoardNews[], ground: BoardGround, nowMs: number): NewsWords {
  const words = all.map((news) => ({ news, ...wordsOf(news, ground, nowMs) }));
  const done = words.filter(({ tone }) => tone === 'good');
  const failed = words.filter(({ tone }) => tone !== 'good').map(({ sentence }) => stopped(sentence));
  // What was done with each is the same but for the key, which stands first.
  const [first, ...others] = done.map(({ news, sentence }) => withoutKey(news, sentence));
  const isSame = others.every((other) => other === first);
  const doneWords =
    done.length === 0 ? [] : [`${counted(done.length, 'item')} ${isSame && first ? first : 'moved on'}`];
  if (failed.length === 0) return good(doneWords.join(''));
  return { sentence: [...doneWords.map(stopped), 'Not done:', ...failed].join(' '), tone: 'warn' };
}

function withoutKey(news: BoardNews, sentence: string): string {
  const key = 'item' in news ? news.item?.key : undefined;
  return key !== undefined && sentence.startsWith(`${key} `) ? sentence.slice(key.length + 1) : sentence;
}

/** A command that was refused, as a few words: what had been asked. */
export function askedWords(type: string): string {
  return ASKED[type] ?? 'The change';
}

const ASKED: Readonly<Record<string, string>> = {
  createItem: 'Creating it',
  claimItem: 'Claiming it',
  assignOwner: 'Assigning it',
  offerHandoff: 'Handing it over',
  offerDeviation: 'Handing it over',
  acceptHandoff: 'Accepting it',
  returnHandoff: 'Returning it',
  withdrawHandoff: 'Taking the offer back',
  sendBack: 'Sending it back',
  nudgeItem: 'Nudging',
  startWaiting: 'Putting it on waiting',
  resumeWork: 'Resuming it',
  completeItem: 'Completing it',
  cancelItem: 'Cancelling it',
  reopenItem: 'Reopening it',
  orderItem: 'Moving it',
  addComment: 'Your comment',
};

function good(sentence: string): NewsWords {
  return { sentence, tone: 'good' };
}

function withKey(item: Item | null, sentence: string): string {
  return item === null ? sentence : `${item.key}: ${sentence}`;
}
