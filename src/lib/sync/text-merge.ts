import { diffChars, diffLines, diffWordsWithSpace } from 'diff';

/** A stretch of a text before and after a change, counted in UTF-16 units as Yjs does. */
export type TextPart =
  | { readonly kind: 'kept'; readonly length: number }
  | { readonly kind: 'removed'; readonly length: number }
  | { readonly kind: 'added'; readonly text: string };

/** As `Y.Text.applyDelta` takes it. */
export type Delta = ({ retain: number } | { delete: number } | { insert: string })[];

/** Edits beyond which letters, and then words, take too long to compare: a text that was pasted over. */
const EDITS_MAX = 2_000;

/**
 * What has changed from one text to another. With `diff` (jsdiff: no dependencies, in steady upkeep since 2009), because
 * the one stretch that `textChange` of the screen finds would swallow what stands between two people's edits, and because
 * it compares whole characters, where diff-match-patch and fast-diff cut emoji in half.
 */
export function textParts(before: string, after: string): TextPart[] {
  const limited = { maxEditLength: EDITS_MAX };
  const parts =
    diffChars(before, after, limited) ??
    diffWordsWithSpace(before, after, limited) ??
    diffLines(before, after);
  return parts.map(({ value, added, removed }): TextPart => {
    if (added) return { kind: 'added', text: value };
    return { kind: removed ? 'removed' : 'kept', length: value.length };
  });
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
