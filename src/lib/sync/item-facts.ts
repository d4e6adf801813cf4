import type * as Y from 'yjs';
import type { FactValue } from '#lib/workflow/definition.ts';

/** The facts of an item document. Written by other browsers: only plain values, under keys that no object has by itself. */
export function readFacts(map: Y.Map<FactValue>): Readonly<Record<string, FactValue>> {
  const facts: [string, FactValue][] = [];
  map.forEach((value: unknown, key) => {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (isPlain && key !== '__proto__') facts.push([key, value]);
  });
  return Object.fromEntries(facts);
}
