/** Ids are branded strings, so that one kind of id cannot be passed for another. All are UUIDs unless said otherwise. */
type Branded<Brand extends string> = string & { readonly __brand: Brand };

export type BoardId = Branded<'BoardId'>;
export type ItemId = Branded<'ItemId'>;
export type HandoffId = Branded<'HandoffId'>;
export type CommandId = Branded<'CommandId'>;
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
