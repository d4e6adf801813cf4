import type { Facts, Field, FieldType, Seam, Step } from '../definition.ts';
import type { FieldKey, ReasonId, SeamId, StepId } from '../ids.ts';
import type { WaitingOn } from '../state.ts';

/** A ready workflow as data, to start a board from. Its teams have keys in place of ids, until they are instantiated. */
export interface WorkflowTemplate {
  readonly id: string;
  readonly name: string;
  /** One sentence for the person who chooses. */
  readonly summary: string;
  readonly teams: readonly TemplateTeam[];
  readonly workflow: TemplateWorkflow;
  readonly sampleItems: readonly SampleItem[];
}

export interface TemplateTeam {
  readonly key: string;
  readonly name: string;
  readonly color: LaneColor;
  readonly itemLimit: number | null;
}

/** Lane colours that stay apart for colour-blind people; `src/lib/ui` gives them their values. */
export type LaneColor = 'blue' | 'orange' | 'teal' | 'magenta' | 'gold' | 'violet' | 'green' | 'slate';

export interface TemplateWorkflow {
  readonly keyPrefix: string;
  readonly startStepId: StepId;
  readonly steps: readonly TemplateStep[];
  readonly seams: readonly Seam[];
  readonly fields: readonly Field[];
}

export interface TemplateStep extends Omit<Step, 'teamId'> {
  readonly teamKey: string;
}

/** An invented item and what has happened to it so far, so that a new board shows at once what it is for. */
export interface SampleItem {
  /** With a title. Fields of type person are left out: they get the person who creates the board. */
  readonly facts: Facts;
  readonly moves: readonly SampleMove[];
  /** How long ago it was created, and how long ago the last of its moves was; the others lie evenly between. */
  readonly createdAgoMs: number;
  readonly lastMoveAgoMs: number;
}

export type SampleMove =
  | { readonly kind: 'claim' }
  | { readonly kind: 'offer'; readonly seamId: SeamId }
  | { readonly kind: 'accept'; readonly readBack?: string }
  | {
      readonly kind: 'return';
      readonly reasonId: ReasonId;
      readonly note: string;
      readonly missing: readonly FieldKey[];
    }
  | { readonly kind: 'wait'; readonly on: WaitingOn; readonly what: string };

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

interface StepOptions {
  readonly workDays: number | null;
  readonly isFinal?: boolean;
}

export function step(
  id: string,
  name: string,
  teamKey: string,
  { workDays, isFinal = false }: StepOptions,
): TemplateStep {
  return {
    id: id as StepId,
    name,
    teamKey,
    isFinal,
    workLimitMs: workDays === null ? null : workDays * DAY_MS,
  };
}

interface SeamOptions {
  readonly needs?: readonly string[];
  /** Label by id. */
  readonly returnReasons?: Readonly<Record<string, string>>;
  readonly gapHours?: number;
  readonly isAutomatic?: boolean;
  readonly asksReadBack?: boolean;
}

/** The seam `<from>-to-<to>`. */
export function seam(from: string, to: string, options: SeamOptions = {}): Seam {
  const { needs = [], returnReasons = {}, gapHours, isAutomatic = false, asksReadBack = false } = options;
  return {
    id: `${from}-to-${to}` as SeamId,
    fromStepId: from as StepId,
    toStepId: to as StepId,
    isAutomatic,
    needs: needs.map((key) => ({ kind: 'fact', field: key as FieldKey })),
    returnReasons: Object.entries(returnReasons).map(([id, label]) => ({ id: id as ReasonId, label })),
    gapLimitMs: gapHours === undefined ? null : gapHours * HOUR_MS,
    ...(asksReadBack ? { asksReadBack } : {}),
  };
}

export function field(type: Exclude<FieldType, 'choice'>, key: string, label: string, hint: string): Field {
  return { key: key as FieldKey, label, type, hint, choices: [] };
}

export function choice(choices: readonly string[], key: string, label: string, hint: string): Field {
  return { key: key as FieldKey, label, type: 'choice', hint, choices };
}

/** Whoever passes a wall may see it. */
export function onWall(shown: Field): Field {
  return { ...shown, showsOnWall: true };
}

export const claim: SampleMove = { kind: 'claim' };
const accept = { kind: 'accept' } as const;

export function offer(from: string, to: string): SampleMove {
  return { kind: 'offer', seamId: `${from}-to-${to}` as SeamId };
}

/** Offered over the seam and accepted by the next team. */
/** `readBack`: where the seam asks for it. */
export function handedOver(from: string, to: string, readBack?: string): readonly SampleMove[] {
  return [offer(from, to), readBack === undefined ? accept : { ...accept, readBack }];
}

export function returned(reasonId: string, note: string, missing: readonly string[]): SampleMove {
  return { kind: 'return', reasonId: reasonId as ReasonId, note, missing: missing as readonly FieldKey[] };
}

export function wait(on: WaitingOn, what: string): SampleMove {
  return { kind: 'wait', on, what };
}
