import { webcrypto } from 'node:crypto';
import { Seeded } from '../seeded.ts';

/**
 * Yjs draws its client ids from the machine's randomness, and who wins a conflict depends on them. lib0 takes hold of
 * the function when it is loaded, so this file must be imported before anything that imports lib0.
 */
let source: Seeded | null = null;
const real = webcrypto.getRandomValues.bind(webcrypto);

webcrypto.getRandomValues = ((array: Uint8Array) => {
  if (!source) return real(array);
  for (let index = 0; index < array.length; index += 1) array[index] = source.below(2 ** 32);
  return array;
}) as typeof webcrypto.getRandomValues;

/** From now on the machine's randomness is that of this seed; null: its own again. */
export function seedMachine(seed: number | null): void {
  source = seed === null ? null : new Seeded(seed);
}
