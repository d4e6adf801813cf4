/** Ids are branded strings, so that one kind of id cannot be passed for another. All are UUIDs unless said otherwise. */
type Branded<Brand extends string> = string & { readonly __brand: Brand };

export type BoardId = Branded<'BoardId'>;
export type ItemId = Branded<'ItemId'>;
export type HandoffId = Branded<'HandoffId'>;
export type CommandId = Branded<'CommandId'>;
/** By which a browser knows a command of its own again: see `markOf`. */
export type CommandMark = Branded<'CommandMark'>;
export type CommentId = Branded<'CommentId'>;
export type UserId = Branded<'UserId'>;
export type TeamId = Branded<'TeamId'>;
export type WorkflowId = Branded<'WorkflowId'>;
/** A slug, unique inside its workflow: `contract-review`. */
export type StepId = Branded<'StepId'>;
/** A slug, unique inside its workflow: `draft-to-legal`. */
export type SeamId = Branded<'SeamId'>;
/** A slug, unique inside its workflow: `companyName`. `title` is every item's own. */
export type FieldKey = Branded<'FieldKey'>;
/** A slug, unique inside its seam: `wrong-entity`. */
export type ReasonId = Branded<'ReasonId'>;

const MARK_LENGTH = 12;

/**
 * The last group of a command's id, 48 random bits. Every item carries those of its last commands to every screen, where
 * whole ids would be half of its bytes. A mark of a mark is that mark, so rows that hold whole ids are read alike.
 */
export function markOf(commandId: CommandId | CommandMark): CommandMark {
  return commandId.slice(-MARK_LENGTH) as CommandMark;
}

/** How a UUID is spelled here. Lower case only: Postgres hands back no other, so a lookup by another would miss. */
export const UUID_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** How a slug is spelled. It begins with a letter, so that `__proto__` is none. */
export const SLUG_SHAPE = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
