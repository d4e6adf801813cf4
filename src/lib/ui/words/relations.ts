import type { RelationKind } from '#lib/workflow/state.ts';
import { listed } from './sentences.ts';

/** How two keys are put into a sentence: `ONB-3 blocks ONB-5`. */
const VERBS: Readonly<Record<RelationKind, string>> = {
  blocks: 'blocks',
  blockedBy: 'is blocked by',
  relatesTo: 'relates to',
  duplicates: 'duplicates',
  duplicatedBy: 'is duplicated by',
};

/** Over the items that one has this relation to. */
const HEADINGS: Readonly<Record<RelationKind, string>> = {
  blockedBy: 'Blocked by',
  blocks: 'Blocks',
  relatesTo: 'Relates to',
  duplicates: 'Duplicates',
  duplicatedBy: 'Duplicated by',
};

/** In the order in which they matter to whoever opens the item. */
export const RELATION_KINDS = Object.keys(HEADINGS) as readonly RelationKind[];

export function relationHeading(kind: RelationKind): string {
  return HEADINGS[kind];
}

export function relationSentence(key: string, kind: RelationKind, otherKey: string): string {
  return `${key} ${VERBS[kind]} ${otherKey}`;
}

/** More keys than this are a number. */
const BLOCKERS_NAMED = 3;

/** `Blocked by ONB-2 and ONB-5`. */
export function blockedWords(keys: readonly string[]): string {
  const isMany = keys.length > BLOCKERS_NAMED;
  const named = isMany ? keys.slice(0, BLOCKERS_NAMED - 1) : keys;
  return `Blocked by ${listed(isMany ? [...named, `${keys.length - named.length} more`] : named)}`;
}

export const relationsWords = {
  title: 'Linked items',
  link: 'Link an item',
  closed: 'Closed',
  remove: (key: string) => `Remove the link to ${key}`,
  kind: 'What the other item is to this one',
  field: 'Item to link',
  hint: 'Key or title',
  items: 'Items',
  cancel: 'Cancel',
  noneFound: 'Nothing that you can link has these words.',
  more: (count: number) => `${count} more; type on to find them.`,
} as const;
