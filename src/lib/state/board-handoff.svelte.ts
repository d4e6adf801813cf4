import { SvelteMap } from 'svelte/reactivity';
import type { Facts, FactValue, Field, Need } from '#lib/workflow/definition.ts';
import { factOf, fieldOf, parseFact } from '#lib/workflow/facts.ts';
import { isFilled, missingNeeds } from '#lib/workflow/gate.ts';
import { seamsOfRoute } from '#lib/workflow/graph.ts';
import type { FieldKey, StepId, UserId } from '#lib/workflow/ids.ts';
import type { Move } from '#lib/workflow/legal-moves.ts';
import type { FactProblem } from '#lib/workflow/refusals.ts';
import { cleanTexts } from '#lib/workflow/text.ts';
import type { BoardCard } from './board-card.svelte.ts';
import type { ItemSource } from './board-source.ts';
import type { BoardScreen } from './board.svelte.ts';
import { Draft } from './draft.svelte.ts';

/**
 * The handoff sheet: what is still missing for one move, typed live into the item document so that both teams see it and
 * nothing is lost when the sheet is closed, and handed over as one command.
 */
export class HandoffDraft {
  readonly card: BoardCard;
  readonly #screen: BoardScreen;
  readonly #toStepIds: ReadonlySet<StepId>;
  readonly note: Draft;
  readonly reason: Draft;
  chosenStepId: StepId | null;
  /** What the item document holds, as far as this browser has it. */
  #live: Readonly<Record<string, FactValue>> = $state.raw({});
  /** Typed here before the document was open, or what the document can't hold because it is not valid yet. */
  readonly #typed = new SvelteMap<FieldKey, { value: FactValue | null; problem: FactProblem | null }>();
  #source: ItemSource | null = null;
  #isClosed = false;
  /** Resolves when the item document is open, or can't be opened. The sheet can be used before that. */
  readonly opened: Promise<void>;

  readonly moves: readonly Move[] = $derived.by(() =>
    this.#screen
      .movesOf(this.card)
      .filter(
        (move) => this.#toStepIds.has(move.toStep.id) && move.refusal === null && move.route.kind !== 'back',
      ),
  );
  readonly move: Move | null = $derived.by(
    () => this.moves.find(({ toStep }) => toStep.id === this.chosenStepId) ?? null,
  );
  /** Everything that would be handed over: the item's facts, the document's on top, what is typed on top of that. */
  readonly facts: Facts = $derived.by(() => this.#merged());
  readonly missing: readonly FieldKey[] = $derived.by(() =>
    missingNeeds(this.card.workflow, this.#needs, this.facts),
  );
  /** What the other team needs and was there before: shown, not asked for. */
  readonly given: readonly Field[] = $derived.by(() =>
    this.#fieldsOf(this.#needs).filter((field) => !this.asked.includes(field)),
  );
  /** Asked for: missing when the move was chosen. Stays while it is filled in, so that no input vanishes under a hand. */
  asked: readonly Field[] = $state.raw([]);

  constructor(screen: BoardScreen, card: BoardCard, toStepIds: readonly StepId[]) {
    this.#screen = screen;
    this.card = card;
    this.#toStepIds = new Set(toStepIds);
    this.chosenStepId = $state(toStepIds.length === 1 ? (toStepIds[0] ?? null) : null);
    this.note = new Draft(screen.userId, card.id, 'handoffNote');
    this.reason = new Draft(screen.userId, card.id, 'deviationReason');
    this.#askForMissing();
    this.opened = this.#open();
  }

  choose(stepId: StepId): void {
    this.chosenStepId = stepId;
    this.#askForMissing();
  }

  valueOf(key: FieldKey): FactValue | undefined {
    const typed = this.#typed.get(key);
    return typed ? (typed.value ?? undefined) : factOf(this.facts, key);
  }

  problemOf(key: FieldKey): FactProblem | null {
    return this.#typed.get(key)?.problem ?? null;
  }

  /** What was typed into a field and can't be written there. */
  keptIn(key: FieldKey): Draft {
    return new Draft(this.#screen.userId, this.card.id, `field.${key}`);
  }

  /** Null empties it. A value that is not valid yet stays on this screen until it is. */
  set(key: FieldKey, given: FactValue | null): void {
    const field = fieldOf(this.card.workflow, key);
    if (!field) return;
    const value = cleanTexts(given);
    const problem = value === null ? null : this.#problemIn(field, value);
    if (problem === null && this.#source) {
      this.#typed.delete(key);
      this.#source.setFact(key, value);
      this.#live = this.#source.facts();
    } else {
      this.#typed.set(key, { value, problem });
    }
  }

  get isReady(): boolean {
    const { move } = this;
    if (!move || this.missing.length > 0 || this.hasProblems) return false;
    return !move.needsReason || this.reason.text.trim() !== '';
  }

  get hasProblems(): boolean {
    return [...this.#typed.values()].some(({ problem }) => problem !== null);
  }

  /** One command with everything in it; true: it is under way. */
  submit(): boolean {
    const { move, card } = this;
    if (!move || !this.isReady) return false;
    const { acts } = this.#screen;
    const { facts, note, reason } = this;
    return move.route.kind === 'seam'
      ? note.clearIf(acts.offer(card.id, move.route.seamId, { facts, note: note.text.trim() }))
      : reason.clearIf(acts.deviate(card.id, move.toStep.id, { facts, reason: reason.text.trim() }));
  }

  destroy(): void {
    this.#isClosed = true;
    this.#source?.destroy();
  }

  get #needs(): readonly Need[] {
    return this.move ? seamsOfRoute(this.card.workflow, this.move.route).flatMap(({ needs }) => needs) : [];
  }

  #fieldsOf(needs: readonly Need[]): Field[] {
    const keys = [...new Set(needs.map(({ field }) => field))];
    return keys.map((key) => fieldOf(this.card.workflow, key)).filter((field) => field !== null);
  }

  #askForMissing(): void {
    this.asked = this.#fieldsOf(this.missing.map((field) => ({ kind: 'fact', field })));
  }

  #merged(): Facts {
    const { workflow, item } = this.card;
    const facts: Record<string, FactValue> = { ...item.facts };
    for (const [key, value] of Object.entries(this.#live)) {
      const field = fieldOf(workflow, key);
      if (field && this.#problemIn(field, value) === null) facts[field.key] = value;
    }
    for (const [key, { value, problem }] of this.#typed) {
      if (value === null || problem !== null) delete facts[key];
      else facts[key] = value;
    }
    return facts;
  }

  #problemIn(field: Field, value: FactValue): FactProblem | null {
    // Cleared, and so missing; only a title may not be blank, and no sheet asks for that.
    if (!isFilled(field, value)) return null;
    const parsed = parseFact(field, value, (id) => this.#screen.state.members.has(id as UserId));
    return parsed.ok ? null : parsed.problem;
  }

  /** The sheet works without it: what is typed goes with the command all the same. */
  async #open(): Promise<void> {
    const source = await this.#screen.openItem(this.card.id).catch(() => null);
    if (!source) return;
    if (this.#isClosed) {
      source.destroy();
      return;
    }
    this.#source = source;
    this.#live = source.facts();
    source.subscribe(() => {
      this.#live = source.facts();
    });
    for (const [key, { value, problem }] of this.#typed) if (problem === null) this.set(key, value);
  }
}
