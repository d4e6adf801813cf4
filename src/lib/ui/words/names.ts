import { TITLE_KEY } from '#lib/workflow/definition.ts';
import type { FieldKey, ReasonId, SeamId, StepId, TeamId, UserId } from '#lib/workflow/ids.ts';
import type { Field, Seam, WorkflowVersion } from '#lib/workflow/definition.ts';
import { holdsRole } from '#lib/workflow/permissions.ts';
import type { Member } from '#lib/workflow/state.ts';

/**
 * What ids are called on this screen, by whoever looks at it. Every question has an answer: what has left the board, or
 * was never sent here, is "somebody" or "another team", and never an id.
 */
export interface Names {
  /** Whose screen it is; null: nobody in particular, as on a wall. */
  readonly me: UserId | null;
  /** `Bob Ito`; for me it is `you`. */
  person(id: UserId): string;
  /** The person's own name, for me too. */
  fullName(id: UserId): string;
  team(id: TeamId): string;
  /** Whether whoever looks is one of that team, and so among those a sentence about it means. */
  isOurs(id: TeamId): boolean;
  step(id: StepId): string;
  field(key: FieldKey): string;
  fieldOf(key: FieldKey): Field | null;
  reason(seamId: SeamId | null, reasonId: ReasonId): string | null;
  /** Where only the reason's own id is known: the first seam that has it. */
  anyReason(reasonId: ReasonId): string | null;
}

export interface NameSource {
  readonly me: UserId | null;
  readonly people: { get(id: UserId): { readonly name: string } | undefined };
  /** What whoever looks may do; left out: a part of no team. */
  readonly member?: Member | undefined;
  readonly teams: { get(id: TeamId): { readonly name: string } | undefined };
  /** Of the item that is spoken of; null: the sentence is not about one. */
  readonly workflow: WorkflowVersion | null;
}

export const SOMEBODY_GONE = 'Somebody who has left';

export function namesFrom(source: NameSource): Names {
  const { me, people, member, teams, workflow } = source;
  const fullName = (id: UserId): string => people.get(id)?.name ?? SOMEBODY_GONE;
  const fieldOf = (key: FieldKey): Field | null =>
    workflow?.fields.find((field) => field.key === key) ?? null;
  return {
    me,
    fullName,
    fieldOf,
    person: (id) => (id === me ? 'you' : fullName(id)),
    team: (id) => teams.get(id)?.name ?? 'another team',
    isOurs: (id) => member !== undefined && holdsRole(member, id, 'member'),
    step: (id) => workflow?.steps.find((step) => step.id === id)?.name ?? 'another step',
    field: (key) => (key === TITLE_KEY ? 'Title' : (fieldOf(key)?.label ?? key)),
    reason: (seamId, reasonId) => reasonLabel(seamOf(workflow, seamId), reasonId),
    anyReason: (reasonId) =>
      workflow?.seams.map((seam) => reasonLabel(seam, reasonId)).find((label) => label !== null) ?? null,
  };
}

function seamOf(workflow: WorkflowVersion | null, seamId: SeamId | null): Seam | null {
  return workflow?.seams.find((seam) => seam.id === seamId) ?? null;
}

function reasonLabel(seam: Seam | null, reasonId: ReasonId): string | null {
  return seam?.returnReasons.find((reason) => reason.id === reasonId)?.label ?? null;
}
