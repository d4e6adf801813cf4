import type { FieldKey, ReasonId, SeamId, StepId, TeamId, WorkflowId } from './ids.ts';

/**
 * A workflow is a versioned, directed graph of steps. A version is never changed once published: an item keeps the
 * version it was created under, so what was legal for it stays legal.
 */
export interface WorkflowVersion {
  readonly id: WorkflowId;
  /** From 1, rising. */
  readonly version: number;
  readonly name: string;
  /** What item keys begin with: `ONB` gives `ONB-12`. Two to five capital letters. */
  readonly keyPrefix: string;
  readonly startStepId: StepId;
  readonly steps: readonly Step[];
  readonly seams: readonly Seam[];
  readonly fields: readonly Field[];
}

/** One stretch of work, owned by exactly one team. */
export interface Step {
  readonly id: StepId;
  readonly name: string;
  readonly teamId: TeamId;
  /** An item may be completed here. */
  readonly isFinal: boolean;
  /** How long the work usually may take, in milliseconds of elapsed time; null: no limit. */
  readonly workLimitMs: number | null;
}

/** One arrow of the workflow, with its own rules: the place where work gets stuck. */
export interface Seam {
  readonly id: SeamId;
  readonly fromStepId: StepId;
  readonly toStepId: StepId;
  /** Offered and accepted in one decision; the item arrives unclaimed. A seam inside one team always is. */
  readonly isAutomatic: boolean;
  /** The gate: what must be filled in before an item may be offered over this seam. */
  readonly needs: readonly Need[];
  /** Why the receiving team may return an item, or send it back later. */
  readonly returnReasons: readonly ReturnReason[];
  /** How long an offer may wait to be accepted, in milliseconds of elapsed time; null: no limit. */
  readonly gapLimitMs: number | null;
  /** Whoever accepts says in one line what they do next. Left out: nobody is asked. */
  readonly asksReadBack?: boolean;
}

/** A union with one member today: tasks become needs of `kind: 'task'`. */
export type Need = { readonly kind: 'fact'; readonly field: FieldKey };

export interface ReturnReason {
  readonly id: ReasonId;
  readonly label: string;
}

/** A field of an item. Its value is a fact; see `FactValue` for the JSON shape of each type. */
export interface Field {
  readonly key: FieldKey;
  readonly label: string;
  readonly type: FieldType;
  /** One sentence that tells the person filling it in what the receiving team needs it for; may be empty. */
  readonly hint: string;
  /** Only for `choice`; empty otherwise. */
  readonly choices: readonly string[];
  /** Its fact is shown on screens on a wall, to whoever passes by. Left out: it is not. */
  readonly showsOnWall?: boolean;
}

export type FieldType = 'text' | 'number' | 'date' | 'choice' | 'person' | 'link' | 'checkbox';

/**
 * The JSON value of one fact. text: a string of at most `FACT_TEXT_CHARS_MAX`; number: finite; date: `YYYY-MM-DD`;
 * choice: one of the field's choices; person: a user id; link: an http(s) URL; checkbox: a boolean.
 */
export type FactValue = string | number | boolean;
export type Facts = Readonly<Record<string, FactValue>>;

/** The fact every item has: its title. Text, 1 to `TITLE_CHARS_MAX` characters. */
export const TITLE_KEY = 'title' as FieldKey;
export const TITLE_CHARS_MAX = 200;
export const FACT_TEXT_CHARS_MAX = 4_000;
/** Names of people, teams, steps, boards. */
export const NAME_CHARS_MAX = 80;
/** Notes, reasons in free words, waiting descriptions. */
export const NOTE_CHARS_MAX = 1_000;
/** The one line in which a receiver says what they do next. */
export const READ_BACK_CHARS_MAX = 200;
export const COMMENT_CHARS_MAX = 10_000;
export const FIELDS_MAX = 60;
export const STEPS_MAX = 60;
export const SEAMS_MAX = 200;
