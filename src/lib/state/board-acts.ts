import type { Command } from '#lib/workflow/commands.ts';
import { decide } from '#lib/workflow/decide.ts';
import { TITLE_KEY, type Facts, type WorkflowVersion } from '#lib/workflow/definition.ts';
import { isAutomatic, seamsFrom, stepOf, workflowOf } from '#lib/workflow/graph.ts';
import type {
  CommandId,
  FieldKey,
  HandoffId,
  ItemId,
  ReasonId,
  SeamId,
  StepId,
  TeamId,
  UserId,
} from '#lib/workflow/ids.ts';
import { orderBetween } from '#lib/workflow/order.ts';
import { relationTo } from '#lib/workflow/relations.ts';
import type { BoardState, Item, Relation, WaitingOn } from '#lib/workflow/state.ts';
import { cleanText, cleanTexts, isBlank } from '#lib/workflow/text.ts';
import { basisFor, type PendingOnItem } from './board-basis.ts';
import type { BoardNews } from './board-news.ts';

/** What the acts need of the screen. */
export interface ActGround {
  readonly userId: UserId;
  /** The board as this person sees it now, own pending commands included. */
  readonly state: BoardState;
  /** False: this browser knows other rules than the server, so it asks without looking first. */
  readonly canDecide: boolean;
  nowMs(): number;
  /** Own commands on the item that are under way, oldest first. */
  pendingOn(itemId: ItemId): readonly PendingOnItem[];
  /** The last order key of the column the item would arrive in. */
  lastOrder(teamId: TeamId): string | null;
  dispatch(command: Command): Promise<void>;
  tell(news: BoardNews, undo?: () => void): void;
}

export interface ReasonGiven {
  readonly reasonId: ReasonId | null;
  readonly note: string;
  readonly missing: readonly FieldKey[];
}

export interface AcceptGiven {
  readonly order?: string | undefined;
  readonly readBack?: string | undefined;
}

export interface WaitGiven {
  readonly on: WaitingOn;
  readonly what: string;
  readonly until: string | null;
}

/**
 * Everything a person can do on the board. Each makes one command, asks the rules here first (so that a plain "no" comes
 * at once and nothing is sent), and gives it to the outbox. True: it is under way.
 */
export class BoardActs {
  readonly #ground: ActGround;

  constructor(ground: ActGround) {
    this.#ground = ground;
  }

  create(workflow: WorkflowVersion, givenTitle: string, more: Facts = {}): ItemId {
    const title = cleanText(givenTitle);
    const itemId = crypto.randomUUID() as ItemId;
    const { teamId } = stepOf(workflow, workflow.startStepId);
    const command: Command = {
      type: 'createItem',
      id: newCommandId(),
      basis: { seq: 0 },
      itemId,
      workflowId: workflow.id,
      workflowVersion: workflow.version,
      facts: { ...more, [TITLE_KEY]: title },
      order: orderBetween(this.#ground.lastOrder(teamId), null),
    };
    this.#ask(command, null, { kind: 'created', title, teamId });
    return itemId;
  }

  claim(itemId: ItemId): boolean {
    return this.#onItem(itemId, (item, base) =>
      this.#ask({ ...base, type: 'claimItem' }, item, { kind: 'done', item, action: 'claim' }, () =>
        this.assign(itemId, item.ownerId),
      ),
    );
  }

  assign(itemId: ItemId, ownerId: UserId | null): boolean {
    return this.#onItem(itemId, (item, base) => {
      return this.#ask(
        { ...base, type: 'assignOwner', ownerId },
        item,
        { kind: 'assigned', item, ownerId },
        () => this.assign(itemId, item.ownerId),
      );
    });
  }

  /** `facts`: what the person saw; they are frozen in the log with the offer. */
  offer(itemId: ItemId, seamId: SeamId, given: { facts: Facts; note: string }): boolean {
    return this.#onItem(itemId, (item, base) => {
      const workflow = workflowOf(this.#ground.state, item);
      const seam = seamsFrom(workflow, item.stepId).find(({ id }) => id === seamId);
      const command: Command = { ...base, type: 'offerHandoff', handoffId: newHandoffId(), seamId, ...given };
      if (!seam) return this.#ask(command, item, null);
      const isTaken = isAutomatic(workflow, seam);
      const { teamId: toTeamId } = stepOf(workflow, seam.toStepId);
      const news: BoardNews = { kind: 'offered', item, toTeamId, isAutomatic: isTaken };
      return this.#ask(command, item, news, isTaken ? undefined : () => this.withdraw(itemId));
    });
  }

  deviate(itemId: ItemId, toStepId: StepId, given: { facts: Facts; reason: string }): boolean {
    return this.#onItem(itemId, (item, base) => {
      const { teamId: toTeamId } = stepOf(workflowOf(this.#ground.state, item), toStepId);
      const isTaken = toTeamId === item.holderTeamId;
      return this.#ask(
        { ...base, type: 'offerDeviation', handoffId: newHandoffId(), toStepId, ...given },
        item,
        { kind: 'offered', item, toTeamId, isAutomatic: isTaken },
        isTaken ? undefined : () => this.withdraw(itemId),
      );
    });
  }

  /** `order`: where it was dropped; left out: at the end of the lane. `readBack`: what this person does next. */
  accept(itemId: ItemId, { order, readBack = '' }: AcceptGiven = {}): boolean {
    return this.#onOffer(itemId, (item, base, handoffId) => {
      const teamId = item.handoff?.toTeamId ?? item.holderTeamId;
      const command: Command = {
        ...base,
        type: 'acceptHandoff',
        handoffId,
        order: order ?? orderBetween(this.#ground.lastOrder(teamId), null),
        ...(readBack === '' ? {} : { readBack }),
      };
      return this.#ask(command, item, { kind: 'done', item, action: 'accept' });
    });
  }

  returnIt(itemId: ItemId, reason: ReasonGiven): boolean {
    return this.#onOffer(itemId, (item, base, handoffId) =>
      this.#ask({ ...base, type: 'returnHandoff', handoffId, ...reason }, item, {
        kind: 'done',
        item,
        action: 'return',
      }),
    );
  }

  withdraw(itemId: ItemId): boolean {
    return this.#onOffer(itemId, (item, base, handoffId) =>
      this.#ask({ ...base, type: 'withdrawHandoff', handoffId }, item, {
        kind: 'done',
        item,
        action: 'withdraw',
      }),
    );
  }

  sendBack(itemId: ItemId, reason: ReasonGiven): boolean {
    return this.#onItem(itemId, (item, base) => {
      const toTeamId = item.trail.at(-1)?.teamId ?? item.holderTeamId;
      return this.#ask(
        { ...base, type: 'sendBack', handoffId: newHandoffId(), ...reason },
        item,
        { kind: 'sentBack', item, toTeamId },
        () => this.withdraw(itemId),
      );
    });
  }

  nudge(itemId: ItemId): boolean {
    return this.#onItem(itemId, (item, base) =>
      this.#ask({ ...base, type: 'nudgeItem' }, item, { kind: 'done', item, action: 'nudge' }),
    );
  }

  wait(itemId: ItemId, given: WaitGiven): boolean {
    return this.#onItem(itemId, (item, base) =>
      this.#ask(
        { ...base, type: 'startWaiting', ...given },
        item,
        { kind: 'done', item, action: 'wait' },
        () => this.resume(itemId),
      ),
    );
  }

  resume(itemId: ItemId): boolean {
    return this.#onItem(itemId, (item, base) => {
      const { waiting } = item;
      return this.#ask(
        { ...base, type: 'resumeWork' },
        item,
        { kind: 'done', item, action: 'resume' },
        waiting === null
          ? undefined
          : () => this.wait(itemId, { on: waiting.on, what: waiting.what, until: waiting.until }),
      );
    });
  }

  complete(itemId: ItemId): boolean {
    return this.#onItem(itemId, (item, base) =>
      this.#ask({ ...base, type: 'completeItem' }, item, { kind: 'done', item, action: 'complete' }),
    );
  }

  cancel(itemId: ItemId, reason: string): boolean {
    return this.#onItem(itemId, (item, base) =>
      this.#ask({ ...base, type: 'cancelItem', reason }, item, { kind: 'done', item, action: 'cancel' }),
    );
  }

  reopen(itemId: ItemId, reason: string): boolean {
    return this.#onItem(itemId, (item, base) =>
      this.#ask({ ...base, type: 'reopenItem', reason }, item, { kind: 'done', item, action: 'reopen' }),
    );
  }

  /** `place`: its new position in the column, from 1, for the sentence that tells it. */
  order(itemId: ItemId, order: string, place: { readonly position: number; readonly of: number }): boolean {
    return this.#onItem(itemId, (item, base) => {
      const isAsked = this.#ask({ ...base, type: 'orderItem', order }, item, null);
      if (isAsked) this.#ground.tell({ kind: 'moved', item, ...place }, () => this.#orderBack(item));
      return isAsked;
    });
  }

  comment(itemId: ItemId, given: string): boolean {
    const text = cleanText(given);
    if (isBlank(text)) return false;
    return this.#onItem(itemId, (item, base) => {
      const commentId = crypto.randomUUID() as Extract<Command, { type: 'addComment' }>['commentId'];
      return this.#ask({ ...base, type: 'addComment', commentId, text }, item, null);
    });
  }

  /** `relation`: the other item, and what it is to this one. */
  link(itemId: ItemId, relation: Relation): boolean {
    return this.#onItem(itemId, (item, base) => {
      const { kind, itemId: otherId } = relation;
      const isAsked = this.#ask({ ...base, type: 'linkItems', otherId, kind }, item, null);
      // Who is responsible has not changed by it, so nobody who acts meanwhile keeps it from being taken back.
      if (isAsked) this.#ground.tell({ kind: 'linked', item, relation }, () => this.unlink(itemId, otherId));
      return isAsked;
    });
  }

  unlink(itemId: ItemId, otherId: ItemId): boolean {
    return this.#onItem(itemId, (item, base) => {
      const relation = relationTo(item, otherId);
      const isAsked = this.#ask({ ...base, type: 'unlinkItems', otherId }, item, null);
      if (isAsked && relation)
        this.#ground.tell({ kind: 'unlinked', item, relation }, () => this.link(itemId, relation));
      return isAsked;
    });
  }

  /** Whoever has acted on it since did so in the same lane, and is not contradicted by its old place there. */
  #orderBack(before: Item): void {
    this.#onItem(before.id, (item, base) =>
      item.holderTeamId === before.holderTeamId
        ? this.#ask({ ...base, type: 'orderItem', order: before.order }, item, null)
        : false,
    );
  }

  #onItem(itemId: ItemId, act: (item: Item, base: CommandStart) => boolean): boolean {
    const item = this.#ground.state.items.get(itemId);
    // It has left the board while the dialog was open; the dialog closes by itself.
    if (!item) return false;
    return act(item, { id: newCommandId(), itemId, basis: basisFor(item, this.#ground.pendingOn(itemId)) });
  }

  #onOffer(itemId: ItemId, act: (item: Item, base: CommandStart, handoffId: HandoffId) => boolean): boolean {
    return this.#onItem(itemId, (item, base) => {
      if (item.handoff) return act(item, base, item.handoff.id);
      this.#ground.tell({ kind: 'notPossible', item, refusal: { code: 'noOpenHandoff' } });
      return false;
    });
  }

  /** Nobody is refused for what came along, unseen, with a text that was pasted. */
  #ask(given: Command, item: Item | null, news: BoardNews | null, undo?: () => void): boolean {
    const command = cleanTexts(given);
    const { state, userId, canDecide } = this.#ground;
    const decision = canDecide ? decide(state, command, { userId }, this.#ground.nowMs()) : null;
    if (decision?.ok === false) {
      this.#ground.tell({ kind: 'notPossible', item, refusal: decision.refusal });
      return false;
    }
    this.#ground.dispatch(command).catch(() => this.#ground.tell({ kind: 'notKept' }));
    if (news) this.#ground.tell(news, undo && (() => this.#undo(command.itemId, undo)));
    return true;
  }

  /** Takes back the last act on the item, unless somebody else has acted on it since: then it says who. */
  #undo(itemId: ItemId, compensate: () => void): void {
    const item = this.#ground.state.items.get(itemId);
    if (!item) return;
    const { by, at, event } = item.responsibility;
    if (by === this.#ground.userId) compensate();
    else this.#ground.tell({ kind: 'notPossible', item, refusal: { code: 'itemMovedOn', by, at, event } });
  }
}

type CommandStart = Pick<Command, 'id' | 'itemId' | 'basis'>;

function newCommandId(): CommandId {
  return crypto.randomUUID() as CommandId;
}

function newHandoffId(): HandoffId {
  return crypto.randomUUID() as HandoffId;
}
