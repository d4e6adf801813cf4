import type { Facts, FactValue } from './definition.ts';
import { isLacking } from './facts.ts';

/** What counted as missing at the gate is a gap, a blank text too: what was handed over in its place belongs here. */
export function withGapsFilled(facts: Facts, handedOver: Facts): Facts {
  const known = Object.entries(facts).filter(([, value]) => !isLacking(value));
  return { ...facts, ...handedOver, ...Object.fromEntries(known) };
}

/** `recorded`: null takes a fact away. */
export function withRecorded(facts: Facts, recorded: Readonly<Record<string, FactValue | null>>): Facts {
  const next: Record<string, FactValue> = { ...facts };
  for (const [key, value] of Object.entries(recorded)) {
    if (value === null) delete next[key];
    else next[key] = value;
  }
  return next;
}
