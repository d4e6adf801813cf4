import { diffArrays, diffChars, diffLines } from 'diff';
import type { ChangeObject } from 'diff';

/** A stretch of a text before and after a change, counted in UTF-16 units as Yjs does. */
export type TextPart =
  | { readonly kind: 'kept'; readonly length: number }
  | { readonly kind: 'removed'; readonly length: number }
  | { readonly kind: 'added'; readonly text: string };

/** As `Y.Text.applyDelta` takes it. */
export type Delta = ({ retain: number } | { delete: number } | { insert: string })[];

/** Edits beyond which words, and then letters, take too long to compare: a text that was pasted over. */
const EDITS_MAX = 2_000;
/** Scripts that put no spaces between words: there each character is compared as a word is elsewhere. */
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`;
/** Words are taken with the space behind them, so that one space is not taken for another. */
const WORDS = new RegExp(String.raw`[${UNSPACED}]\s*|[^\s${UNSPACED}]+\s*|\s+`, 'gu');

/**
 * What has changed from one text to another: by words, and by letters where a word has become a similar one. By letters
 * alone, a word that was put in before another would seem to be made of its letters, and would go with it. With `diff`
 * (jsdiff: no dependencies, in steady upkeep since 2009), because it compares whole characters, where diff-match-patch and
 * fast-diff cut emoji in half.
 */
export function textParts(before: string, after: string): TextPart[] {
  const words = diffArrays(wordsOf(before), wordsOf(after), { maxEditLength: EDITS_MAX });
  const changes = words?.map(({ value, added, removed }) => ({ value: value.join(''), added, removed }));
  const parts: TextPart[] = [];
  let [removedText, addedText] = ['', ''];
  for (const { value, added, removed } of changes ?? diffLines(before, after)) {
    if (removed) removedText += value;
    else if (added) addedText += value;
    else {
      parts.push(...replacement(removedText, addedText), { kind: 'kept', length: value.length });
      [removedText, addedText] = ['', ''];
    }
  }
  return [...parts, ...replacement(removedText, addedText)];
}

function wordsOf(text: string): string[] {
  return text.match(WORDS) ?? [];
}

/** The one in the place of the other. */
function replacement(before: string, after: string): TextPart[] {
  const letters = before && after ? diffChars(before, after, { maxEditLength: EDITS_MAX }) : undefined;
  if (letters && isSimilar(before, after, letters)) return letters.map(partOf);
  return [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ]
    .filter(({ value }) => value !== '')
    .map(partOf);
}

function isSimilar(before: string, after: string, letters: readonly Change[]): boolean {
  if (before.includes(after) || after.includes(before)) return true;
  const kept = letters.reduce(
    (sum, { value, added, removed }) => sum + (added || removed ? 0 : value.length),
    0,
  );
  return kept >= Math.max(before.length, after.length) / 2;
}

type Change = Pick<ChangeObject<string>, 'value' | 'added' | 'removed'>;

function partOf({ value, added, removed }: Change): TextPart {
  if (added) return { kind: 'added', text: value };
  return { kind: removed ? 'removed' : 'kept', length: value.length };
}

/**
 * My change of a text, on top of theirs of the same text: all that either has added is there once, and all that either
 * has removed is gone. Where both have added at one place, mine stands first.
 */
export function onTopOf(mine: readonly TextPart[], theirs: readonly TextPart[]): Delta {
  const delta: Delta = [];
  const ahead = theirs.map((part) => ({ ...part }));
  for (const part of mine) {
    if (part.kind === 'added') delta.push({ insert: part.text });
    else follow(part.length, part.kind === 'kept');
  }
  return delta;

  /** Walks over so much of the text that both began with. */
  function follow(length: number, isKept: boolean): void {
    let left = length;
    for (let next = ahead[0]; left > 0 && next !== undefined; next = ahead[0]) {
      if (next.kind === 'added') {
        delta.push({ retain: next.text.length });
        ahead.shift();
        continue;
      }
      const taken = Math.min(left, next.length);
      if (next.kind === 'kept') delta.push(isKept ? { retain: taken } : { delete: taken });
      left -= taken;
      if (taken === next.length) ahead.shift();
      else ahead[0] = { ...next, length: next.length - taken };
    }
  }
}
