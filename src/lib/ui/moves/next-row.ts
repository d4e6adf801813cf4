/**
 * The row to go on from when one has left the list: the next that is still there, else the one before. Null: the list
 * is empty now, or the row was never in it.
 */
export function rowAfter(left: string, before: readonly string[], now: ReadonlySet<string>): string | null {
  const index = before.indexOf(left);
  if (index < 0) return null;
  return (
    before.slice(index + 1).find((key) => now.has(key)) ??
    before.slice(0, index).findLast((key) => now.has(key)) ??
    null
  );
}
