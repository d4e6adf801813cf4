import type { UserId } from '#lib/workflow/ids.ts';

/** Somebody who can be mentioned. */
export interface Mentionable {
  readonly id: UserId;
  readonly name: string;
}

export type CommentPart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'mention'; readonly userId: UserId };

/** The part of a comment, up to the caret, that asks for a person. */
export interface MentionQuery {
  /** Of the `@`. */
  readonly from: number;
  readonly query: string;
}

/** The log holds ids and never names: whoever changes their name is mentioned by the new one. */
const STORED = /@\[([A-Za-z0-9_-]{1,64})\]/g;
/** Not within a word, or every mail address would ask for somebody. Two names at most, then it is text again. */
const ASKED = /(?:^|[\s(])@([\p{L}\p{M}\p{N}.'’-]*(?: [\p{L}\p{M}\p{N}.'’-]*)?)$/u;
const SHOWN_MAX = 8;

/** A comment as it is stored, in parts; an old one, or one without mentions, is one text. */
export function commentParts(stored: string): readonly CommentPart[] {
  const parts: CommentPart[] = [];
  let at = 0;
  for (const match of stored.matchAll(STORED)) {
    if (match.index > at) parts.push({ kind: 'text', text: stored.slice(at, match.index) });
    parts.push({ kind: 'mention', userId: match[1] as UserId });
    at = match.index + match[0].length;
  }
  if (at < stored.length || parts.length === 0) parts.push({ kind: 'text', text: stored.slice(at) });
  return parts;
}

export function isMentioned(stored: string, userId: UserId | null): boolean {
  return commentParts(stored).some((part) => part.kind === 'mention' && part.userId === userId);
}

/**
 * A comment as it was typed, with `@Bob Ito` as the id of whoever is called so; the longest name counts. `chosen` tells
 * people of one name apart; where it does not, the words stay words.
 */
export function storedComment(
  typed: string,
  people: readonly Mentionable[],
  chosen: ReadonlyMap<string, UserId>,
): string {
  const names = [...new Set(people.map(({ name }) => name))].toSorted((a, b) => b.length - a.length);
  let stored = '';
  for (let at = 0; at < typed.length;) {
    const isStart = typed[at] === '@' && !isLetter(typed[at - 1]);
    const name = isStart ? names.find((one) => standsAt(typed, one, at + 1)) : undefined;
    const userId = name === undefined ? null : idOf(name, people, chosen);
    stored += userId === null ? (typed[at] ?? '') : `@[${userId}]`;
    at += userId === null ? 1 : 1 + (name?.length ?? 0);
  }
  return stored;
}

/** What is being asked for at the caret; null: nobody. */
export function mentionAt(typed: string, caret: number): MentionQuery | null {
  const before = typed.slice(0, caret);
  const query = ASKED.exec(before)?.[1];
  return query === undefined ? null : { from: caret - query.length - 1, query };
}

/** Those of whose names one begins so, in the order given. */
export function peopleFor(query: string, people: readonly Mentionable[]): readonly Mentionable[] {
  const asked = query.toLocaleLowerCase();
  return people
    .filter(({ name }) => {
      const full = name.toLocaleLowerCase();
      return full.startsWith(asked) || full.split(/\s+/).some((word) => word.startsWith(asked));
    })
    .slice(0, SHOWN_MAX);
}

function standsAt(typed: string, name: string, at: number): boolean {
  return typed.startsWith(name, at) && !isLetter(typed[at + name.length]);
}

function idOf(
  name: string,
  people: readonly Mentionable[],
  chosen: ReadonlyMap<string, UserId>,
): UserId | null {
  const called = people.filter((person) => person.name === name);
  const one = called.length === 1 ? called[0]?.id : chosen.get(name);
  return one ?? null;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
