import * as Y from 'yjs';
import type { FactValue } from '#lib/workflow/definition.ts';
import { Checklist } from './checklist.ts';
import type { ChecklistEntry } from './checklist.ts';
import { readFacts } from './item-facts.ts';
import { knownWithin } from './known-content.ts';
import type { KnownContent } from './known-content.ts';

/** What was written in a document and is not known to have reached the server. */
export interface UnsentContent {
  /** Those that were changed; null: emptied. */
  readonly facts: Readonly<Record<string, FactValue | null>>;
  /** As a whole; null: nothing in it was changed. */
  readonly description: string | null;
  /** As a whole; null: nothing in it was changed. */
  readonly checklist: readonly ChecklistEntry[] | null;
}

/** `known`: what the server has of it; null: nobody knows, so all of it counts. */
export function unsentContent(doc: Y.Doc, known: KnownContent | null): UnsentContent {
  // Reading an earlier state runs transactions in the document, which would count as writing.
  const mine = new Y.Doc({ gc: false });
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(doc));
  const base = new Y.Doc({ gc: false });
  if (known) Y.createDocFromSnapshot(mine, knownWithin(known, mine), base);
  const [was, is] = [readAll(base), readAll(mine)];
  base.destroy();
  mine.destroy();
  const keys = new Set([...Object.keys(is.facts), ...Object.keys(was.facts)]);
  const changed = [...keys].filter((key) => is.facts[key] !== was.facts[key]);
  return {
    facts: Object.fromEntries(changed.map((key) => [key, is.facts[key] ?? null])),
    description: is.description === was.description ? null : is.description,
    checklist: lines(is.checklist) === lines(was.checklist) ? null : is.checklist,
  };
}

function readAll(doc: Y.Doc) {
  return {
    facts: readFacts(doc.getMap<FactValue>('facts')),
    description: doc.getText('description').toJSON(),
    checklist: new Checklist(doc).entries(),
  };
}

function lines(entries: readonly ChecklistEntry[]): string {
  return JSON.stringify(entries.map(({ label, isDone }) => [label, isDone]));
}
