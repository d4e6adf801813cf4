import type * as Y from 'yjs';
import { factOf, parseFact, TITLE_FIELD } from '#lib/workflow/facts.ts';
import type { FactValue, WorkflowVersion } from '#lib/workflow/definition.ts';
import type { Item } from '#lib/workflow/state.ts';

/** The facts of an item that differ from its row, as `recordFacts` takes them; null: removed. */
export type ChangedFacts = Readonly<Record<string, FactValue | null>>;

export interface FactsSource {
  readonly facts: Y.Map<unknown>;
  readonly item: Item;
  readonly workflow: WorkflowVersion;
  readonly isPerson: (id: string) => boolean;
  /** Keys that somebody has deleted while this node looked on. */
  readonly deletedKeys: ReadonlySet<string>;
}

/**
 * What the item's row must learn from its document. Only valid values of known fields: anything else stays in the
 * document alone, where the item page shows it as invalid.
 */
export function changedFacts({ facts, item, workflow, isPerson, deletedKeys }: FactsSource): ChangedFacts {
  const changed: Record<string, FactValue | null> = {};
  for (const field of [TITLE_FIELD, ...workflow.fields]) {
    const current = factOf(item.facts, field.key);
    const value = facts.get(field.key);
    if (value === undefined || value === null) {
      const isRemoved = current !== undefined && deletedKeys.has(field.key) && field !== TITLE_FIELD;
      if (isRemoved) changed[field.key] = null;
      continue;
    }
    const parsed = parseFact(field, value, isPerson);
    if (parsed.ok && parsed.value !== current) changed[field.key] = parsed.value;
  }
  return changed;
}

/** What the document must learn from the item's row: facts it lacks. A value that it has is never overwritten. */
export function lackingFacts(facts: Y.Map<unknown>, item: Item): [string, FactValue][] {
  return Object.entries(item.facts).filter(([key]) => facts.get(key) === undefined);
}
