import type { BoardGround } from '#lib/state/board-ground.svelte.ts';
import type { BoardNews, LeftOut } from '#lib/state/board-news.ts';
import type { BoardScreen } from '#lib/state/board.svelte.ts';
import type { Item } from '#lib/workflow/state.ts';
import { whySentence } from './actions.ts';
import { boardNames } from './board-names.ts';
import { relationSentence } from './relations.ts';
import { counted, stopped } from './sentences.ts';

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
    case 'linked':
      return good(relationSentence(news.item.key, news.relation.kind, news.relation.key));
    case 'unlinked':
      return good(`${news.item.key} and ${news.relation.key} are not linked any more`);
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

function good(sentence: string): NewsWords {
  return { sentence, tone: 'good' };
}

function withKey(item: Item | null, sentence: string): string {
  return item === null ? sentence : `${item.key}: ${sentence}`;
}
