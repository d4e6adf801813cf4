import { diffArrays } from 'diff';
import * as Y from 'yjs';
import { readEnded } from '#lib/board/ended-epochs.ts';
import { applyDeletions, knownWithin, uniteKnown } from './known-content.ts';
import type { KnownContent } from './known-content.ts';
import { onTopOf, textParts } from './text-merge.ts';
import type { TextPart } from './text-merge.ts';

export interface Rebase {
  /** A copy of the old epoch, with all that was written here. Not the live one: reading it runs transactions in it. */
  readonly mine: Y.Doc;
  /**
   * What of it the server is known to have; null: nobody knows. What the new epoch says of earlier ones counts too; where
   * neither says anything, what both have is taken for known.
   */
  readonly known: KnownContent | null;
  /** The new epoch, which shares no history with the old one: this is written to. */
  readonly theirs: Y.Doc;
}

/**
 * Does once more, on the document of a new epoch, what was written on the old one and has not reached the server. A fact,
 * or a value of a checklist entry, that was changed here wins over what others wrote meanwhile; texts keep what either
 * has added. Answers whether there was anything to do.
 */
export function rebaseUnsent({ mine, known, theirs }: Rebase): boolean {
  const before = Y.encodeStateVector(theirs);
  const wasDeleted = Y.snapshot(theirs).ds;
  const ended = readEnded(theirs);
  // Deleted by others without this browser having heard of it: not something that was put in here.
  for (const one of ended) applyDeletions(one, mine);
  const all = ended.reduce<KnownContent | null>((sum, one) => uniteKnown(one, sum), known);
  const within = all && knownWithin(all, mine);
  const base = within && Y.createDocFromSnapshot(mine, within, new Y.Doc({ gc: false }));
  theirs.transact(() => {
    rebaseMap(base?.getMap('facts') ?? null, mine.getMap('facts'), theirs.getMap('facts'));
    rebaseText(mine.getText('description'), within, theirs.getText('description'));
    rebaseList(base?.getArray(LIST) ?? null, mine.getArray(LIST), theirs.getArray(LIST));
  });
  base?.destroy();
  const after = Y.snapshot(theirs);
  return !Y.equalSnapshots(after, Y.createSnapshot(wasDeleted, Y.decodeStateVector(before)));
}

const LIST = 'checklist';
type Entry = Y.Map<unknown>;

function rebaseMap(base: Entry | null, mine: Entry, theirs: Entry): void {
  for (const key of new Set([...mine.keys(), ...(base?.keys() ?? [])])) {
    const value = mine.get(key);
    if ((base !== null && base.get(key) === value) || theirs.get(key) === value) continue;
    if (value === undefined) theirs.delete(key);
    else theirs.set(key, value);
  }
}

function rebaseText(mine: Y.Text, known: KnownContent | null, theirs: Y.Text): void {
  const delta = known
    ? onTopOf(ownParts(mine, known), textParts(knownText(mine, known), theirs.toJSON()))
    : onTopOf(additions(theirs.toJSON(), mine.toJSON()), [{ kind: 'kept', length: theirs.length }]);
  if (delta.some((op) => !('retain' in op))) theirs.applyDelta(delta, { sanitize: false });
}

/** Yjs knows exactly which letters came and went; comparing the texts would have to guess. */
function ownParts(text: Y.Text, known: KnownContent): TextPart[] {
  const now = Y.snapshot(docOf(text));
  const delta = text.toDelta(now, known) as { insert: string; attributes?: { ychange?: { type: string } } }[];
  return delta.map(({ insert, attributes }): TextPart => {
    const change = attributes?.ychange?.type;
    if (change === 'added') return { kind: 'added', text: insert };
    return { kind: change === 'removed' ? 'removed' : 'kept', length: insert.length };
  });
}

function knownText(text: Y.Text, known: KnownContent): string {
  return (text.toDelta(known) as { insert: string }[]).map(({ insert }) => insert).join('');
}

/** What mine has and theirs has not; what only theirs has stays. */
function additions(theirs: string, mine: string): TextPart[] {
  return textParts(theirs, mine).map((part) =>
    part.kind === 'removed' ? { kind: 'kept', length: part.length } : part,
  );
}

function rebaseList(base: Y.Array<Entry> | null, mine: Y.Array<Entry>, theirs: Y.Array<Entry>): void {
  const [ours, others] = [mine.toArray(), theirs.toArray()];
  const began = base?.toArray() ?? ours;
  const counterpart = counterparts(began, others);
  const baseById = new Map(began.map((entry) => [idOf(entry), entry]));
  let last: Entry | null = null;
  for (const entry of ours) {
    const known = baseById.get(idOf(entry));
    const there = known && counterpart.get(known);
    // Of an entry that others have deleted nothing comes back.
    if (known && !there && base !== null) continue;
    if (known && there) rebaseMap(known, entry, there);
    else theirs.insert(last === null ? 0 : theirs.toArray().indexOf(last) + 1, [entry.clone()]);
    last = there ?? theirs.get(last === null ? 0 : theirs.toArray().indexOf(last) + 1);
    baseById.delete(idOf(entry));
  }
  for (const gone of baseById.values()) {
    const index = theirs.toArray().indexOf(counterpart.get(gone) as Entry);
    if (index >= 0) theirs.delete(index);
  }
}

/** Which entry of theirs each was. Entries have no names: they are equal, or stand in each other's place. */
function counterparts(began: readonly Entry[], others: readonly Entry[]): Map<Entry, Entry> {
  const found = new Map<Entry, Entry>();
  let [from, to] = [0, 0];
  let gone: readonly Entry[] = [];
  for (const { count, added, removed } of diffArrays(began.map(textOf), others.map(textOf))) {
    if (removed) {
      gone = began.slice(from, from + count);
    } else {
      const was = added ? gone : began.slice(from, from + count);
      const is = others.slice(to, to + count);
      // As many as there were: changed, and not deleted and made anew.
      if (was.length === is.length) was.forEach((entry, index) => found.set(entry, is[index] as Entry));
      to += count;
      gone = [];
    }
    if (!added) from += count;
  }
  return found;
}

function textOf(entry: Entry): string {
  return JSON.stringify(Object.entries(entry.toJSON()).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function idOf(entry: Entry): string {
  const { client, clock } = entry._item?.id ?? { client: 0, clock: 0 };
  return `${String(client)}:${String(clock)}`;
}

function docOf(type: Y.Text): Y.Doc {
  if (type.doc === null) throw new Error('A text that stands in no document.');
  return type.doc;
}
