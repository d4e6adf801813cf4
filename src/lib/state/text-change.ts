/** One replaced stretch: at `index`, `removed` characters give way to `inserted`. Counted in UTF-16 units, as Yjs does. */
export interface TextChange {
  readonly index: number;
  readonly removed: number;
  readonly inserted: string;
}

/** A change made elsewhere, as Yjs tells it. */
export type TextDelta = readonly {
  readonly retain?: number | undefined;
  readonly insert?: unknown;
  readonly delete?: number | undefined;
}[];

/**
 * The smallest single change that makes `after` out of `before`; null: they are equal. `caret` is where the caret stands
 * in `after`: typing `a` into `aaa` is ambiguous, and the place that was typed at is meant, or the text of two people who
 * type side by side gets mixed. Never cuts through a surrogate pair, because half of one is no character to anybody else.
 */
export function textChange(before: string, after: string, caret: number): TextChange | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  // What stands after the caret is most likely untouched, so the end is compared first, but not past the caret.
  const endMax = Math.min(shorter, Math.max(0, after.length - caret));
  let end = 0;
  while (end < endMax && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  let start = 0;
  while (start < shorter - end && before[start] === after[start]) start += 1;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  if (isHigh(before, start - 1) || isHigh(after, start - 1)) start -= 1;
  if (isLow(before, before.length - end) || isLow(after, after.length - end)) end -= 1;
  return {
    index: start,
    removed: before.length - start - end,
    inserted: after.slice(start, after.length - end),
  };
}

/** Where an offset is after a change made elsewhere. What is inserted exactly there goes behind it: the caret stays. */
export function shiftOffset(offset: number, delta: TextDelta): number {
  let at = 0;
  let shifted = offset;
  for (const part of delta) {
    if (part.retain !== undefined) {
      at += part.retain;
    } else if (part.delete !== undefined) {
      if (at < shifted) shifted -= Math.min(part.delete, shifted - at);
    } else {
      const length = typeof part.insert === 'string' ? part.insert.length : 1;
      if (at < shifted) shifted += length;
      at += length;
    }
  }
  return shifted;
}

function isHigh(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
