import type { OutboxEntry } from '#lib/sync/outbox-entry.ts';
import type { PersonHere } from '#lib/sync/board-session.ts';
import { TITLE_KEY, type WorkflowVersion } from '#lib/workflow/definition.ts';
import { gateProgress, type GateProgress } from '#lib/workflow/gate.ts';
import { findStep, seamsFrom } from '#lib/workflow/graph.ts';
import type { CommandId, FieldKey, ItemId, TeamId, UserId } from '#lib/workflow/ids.ts';
import { hasRole } from '#lib/workflow/permissions.ts';
import { placeOf, type Place } from '#lib/workflow/place.ts';
import type { Refusal } from '#lib/workflow/refusals.ts';
import { stallAhead, type Stall } from '#lib/workflow/stall.ts';
import type { Item } from '#lib/workflow/state.ts';
import { actionsOf, type CardAction } from './board-actions.ts';
import type { OwnComment } from './own-comments.ts';
import type { BoardGround } from './board-ground.svelte.ts';
import { stripOf, type StripSegment } from './board-strip.ts';
import type { FilterMark } from './board-filter.ts';

const NONE: readonly never[] = [];
const NO_MARKS: ReadonlySet<FilterMark> = new Set();

/** Somebody else who writes in an item, and in which of its fields; null: in its description or checklist. */
export interface CardWriter {
  readonly userId: UserId;
  readonly name: string;
  readonly field: FieldKey | null;
}

/**
 * One item as the board shows it. The object stays the same for as long as the item is on the board, so a change of one
 * item draws one card anew and leaves a thousand others alone.
 */
export class BoardCard {
  readonly id: ItemId;
  readonly #ground: BoardGround;
  /** As it will be if the server agrees with what is pending. */
  item: Item;
  /** Own commands on it that the server has not answered: "not sent yet". */
  pending: readonly CommandId[] = $state.raw(NONE);
  /** Something written in its document is only in this browser. */
  isTextUnsent: boolean = $state(false);
  /** Who has it or moves next is an own change that nobody else knows of yet. */
  isMoveUnsent: boolean = $state(false);
  /** What this browser's rules say against a pending one. Not a verdict: "awaiting the server". */
  awaiting: Refusal | null = $state.raw(null);
  /** Verdicts of "no" that were not dismissed yet. */
  refused: readonly OutboxEntry[] = $state.raw(NONE);
  /** Written in this browser, and perhaps not in the item's history yet. */
  comments: readonly OwnComment[] = $state.raw(NONE);
  /** The others who have it open. */
  visitors: readonly PersonHere[] = $state.raw(NONE);
  /** Somebody else who is dragging it right now. */
  draggedBy: PersonHere | null = $state.raw(null);
  writers: readonly CardWriter[] = $state.raw(NONE);

  /** This person works on it now, so it stays shown. */
  isHeld: boolean = $state(false);

  readonly place: Place | null = $derived.by(() => placeOf(this.item));
  readonly workflow: WorkflowVersion = $derived.by(() => this.#ground.workflowOf(this.item));
  /** When it will be stalled, or has been since; null: it is closed. */
  readonly stallAhead: Stall | null = $derived.by(() =>
    stallAhead(this.item, this.workflow, this.#ground.stalls),
  );
  readonly strip: readonly StripSegment[] = $derived.by(() =>
    stripOf(this.item, this.workflow, { teams: this.#ground.teams, stall: this.stallAhead }),
  );
  readonly gate: GateProgress | null = $derived.by(() => gateOf(this.item, this.workflow));
  readonly actions: readonly CardAction[] = $derived.by(() =>
    actionsOf(this.item, this.workflow, this.#ground.member),
  );
  /** More than asking after it. */
  readonly canAct: boolean = $derived.by(() => this.actions.some((action) => action !== 'nudge'));
  /** Which of the filter's marks fit it. */
  readonly marks: ReadonlySet<FilterMark> = $derived.by(
    () => this.#ground.filter?.marksOf(this.item, this.stallAhead) ?? NO_MARKS,
  );
  /** It fits the filter, or is being worked on. */
  readonly isShown: boolean = $derived.by(
    () => this.isHeld || (this.#ground.filter?.fits(this.item, this.marks) ?? true),
  );
  /** Whether this person may drag it at all: order it where it is drawn, move it on, or take it back. */
  readonly canMove: boolean = $derived.by(() => {
    if (this.item.closed !== null) return false;
    const teamIds: TeamId[] = [this.item.holderTeamId];
    if (this.item.handoff) teamIds.push(this.item.handoff.toTeamId);
    return teamIds.some((teamId) => hasRole(this.#ground.member, teamId, 'member'));
  });

  constructor(ground: BoardGround, item: Item) {
    this.id = item.id;
    this.#ground = ground;
    this.item = $state.raw(item);
  }

  get key(): string {
    return this.item.key;
  }

  get title(): string {
    return String(this.item.facts[TITLE_KEY] ?? '');
  }

  get stepName(): string {
    return findStep(this.workflow, this.item.stepId)?.name ?? '';
  }

  /** Null: nobody owns it, or somebody who has left the board. */
  get ownerName(): string | null {
    const { ownerId } = this.item;
    return ownerId === null ? null : (this.#ground.people.get(ownerId)?.name ?? null);
  }

  get isMine(): boolean {
    return this.item.ownerId === this.#ground.userId;
  }

  /** Since when it stands where its strip says: with the team that was asked, else with its holder. */
  get standsSince(): number {
    return this.item.handoff?.offeredAt ?? this.item.heldSince;
  }

  /** How it is stalled; null: it is not. */
  stall(nowMs: number): Stall | null {
    return this.stallAhead !== null && nowMs > this.stallAhead.fromMs ? this.stallAhead : null;
  }
}

/** Of the main way on: the first seam that leads out of the step and asks for something. Offered: nothing is open. */
function gateOf(item: Item, workflow: WorkflowVersion): GateProgress | null {
  if (item.handoff !== null || item.closed !== null) return null;
  const seam = seamsFrom(workflow, item.stepId).find(({ needs }) => needs.length > 0);
  return seam ? gateProgress(workflow, seam.needs, item.facts) : null;
}
