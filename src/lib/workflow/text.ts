/**
 * Whether this text can be kept: Postgres refuses a NUL and half a surrogate pair inside JSON, so a single such character
 * in a note or a title would make the whole commit fail again and again.
 */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** Whether there is nothing to read in it. */
export function isBlank(text: string): boolean {
  return text.trim() === '';
}
