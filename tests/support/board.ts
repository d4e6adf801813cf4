import { emptyBoard } from '../../src/lib/workflow/board-state.ts';
import type { AnyCommand } from '../../src/lib/workflow/commands.ts';
import { decide } from '../../src/lib/workflow/decide.ts';
import type { Field, Seam, Step, WorkflowVersion } from '../../src/lib/workflow/definition.ts';
import { EVENT_FORMAT, RULES_VERSION, type Entry, type Event } from '../../src/lib/workflow/events.ts';
import { evolve } from '../../src/lib/workflow/evolve.ts';
import type * as id from '../../src/lib/workflow/ids.ts';
import type { Decision } from '../../src/lib/workflow/question.ts';
import type { BoardState, Item, Member, Role, Team } from '../../src/lib/workflow/state.ts';

/**
 * A board of four teams for tests of the rules: Sales drafts, Legal reviews, Provisioning sets up, Support goes live.
 * Legal's review is a final step as well, so that one item can show every command.
 */
export const SALES = 'sales' as id.TeamId;
export const LEGAL = 'legal' as id.TeamId;
export const PROVISIONING = 'provisioning' as id.TeamId;
export const SUPPORT = 'support' as id.TeamId;

const roles = {
  alice: { sales: 'member' },
  amy: { sales: 'lead' },
  bob: { legal: 'member' },
  ben: { legal: 'lead' },
  carol: { provisioning: 'member' },
  cleo: { provisioning: 'lead' },
  dave: { support: 'member' },
  vera: { sales: 'viewer', legal: 'viewer' },
  ada: {},
} satisfies Record<string, Readonly<Record<string, Role>>>;

/** ada is an admin, vera may only look on; mallory is nobody here. */
export const MEMBERS: readonly Member[] = Object.entries(roles).map(([name, held]) => {
  return { userId: name as id.UserId, isAdmin: name === 'ada', roles: held };
});

export const WORKFLOW: WorkflowVersion = {
  id: 'onboarding' as id.WorkflowId,
  version: 1,
  name: 'Onboarding',
  keyPrefix: 'ONB',
  startStepId: 'draft' as id.StepId,
  steps: [
    step('draft', SALES),
    step('pricing', SALES),
    step('review', LEGAL, true),
    step('setup', PROVISIONING),
    step('live', SUPPORT, true),
    step('care', SUPPORT, true),
  ],
  seams: [
    seam('draft', 'pricing', []),
    seam('pricing', 'review', ['company'], { returnReasons: ['too-cheap'], asksReadBack: true }),
    seam('draft', 'review', ['company', 'contact'], { returnReasons: ['wrong-entity', 'incomplete'] }),
    seam('review', 'setup', ['startDate']),
    seam('setup', 'live', ['signed'], { isAutomatic: true }),
    seam('live', 'care', []),
  ],
  fields: [
    field('company', 'text'),
    field('contact', 'person'),
    field('startDate', 'date'),
    field('seats', 'number'),
    field('plan', 'choice', ['Basic', 'Pro']),
    field('contract', 'link'),
    field('signed', 'checkbox'),
  ],
};

export type PersonName = keyof typeof roles | 'mallory';

type FieldsOf<Type extends AnyCommand['type']> = Partial<
  Omit<Record<keyof Extract<AnyCommand, { type: Type }>, unknown>, 'type'>
>;

export interface TestBoardOptions {
  /** Item limit by team id. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly members?: readonly Member[];
}

/** A board with its log, where commands are told in a line each. */
export class TestBoard {
  readonly ground: {
    boardId: id.BoardId;
    teams: Team[];
    workflows: WorkflowVersion[];
    members: readonly Member[];
  };
  readonly state: BoardState;
  readonly log: Entry[] = [];
  nowMs = 1_795_435_200_000;
  #made = 0;

  constructor({ limits = {}, members = MEMBERS }: TestBoardOptions = {}) {
    const teams = [SALES, LEGAL, PROVISIONING, SUPPORT].map((teamId, position) => {
      return { id: teamId, name: teamId, color: 'blue', position, itemLimit: limits[teamId] ?? null };
    });
    this.ground = { boardId: 'board' as id.BoardId, teams, workflows: [WORKFLOW], members };
    this.state = emptyBoard(this.ground);
  }

  /** The command with sensible contents, based on what stands on the board now. The first item is `item-1`. */
  command<Type extends AnyCommand['type']>(type: Type, fields: FieldsOf<Type> = {}): AnyCommand {
    this.#made += 1;
    const itemId = ('itemId' in fields ? fields.itemId : 'item-1') as id.ItemId;
    const item = this.state.items.get(itemId);
    const base = { type, id: `command-${this.#made}`, itemId, basis: { seq: item?.responsibility.seq ?? 0 } };
    return { ...base, ...contents(type, item, this.#made), ...fields } as unknown as AnyCommand;
  }

  /** What the answer would be; nothing changes. */
  ask<Type extends AnyCommand['type']>(by: PersonName, type: Type, fields: FieldsOf<Type> = {}): Decision {
    return this.decide(by, this.command(type, fields));
  }

  decide(by: PersonName, command: AnyCommand): Decision {
    return decide(this.state, command, { userId: by as id.UserId }, this.nowMs);
  }

  /** Has it decided, and logs what it leads to. */
  submit(by: PersonName, command: AnyCommand): Decision {
    const decision = this.decide(by, command);
    if (decision.ok) this.record(by, command.id, decision.value);
    else this.state.verdicts.set(command.id, { accepted: false });
    return decision;
  }

  /** A command that must be accepted: a second later it has happened. Gives its id. */
  tell<Type extends AnyCommand['type']>(
    by: PersonName,
    type: Type,
    fields: FieldsOf<Type> = {},
  ): id.CommandId {
    const command = this.command(type, fields);
    const decision = this.submit(by, command);
    if (!decision.ok) throw new Error(`${by} ${type}: ${JSON.stringify(decision.refusal)}`);
    return command.id;
  }

  record(by: PersonName, commandId: id.CommandId, events: readonly Event[]): void {
    this.nowMs += 1_000;
    const entry: Entry = {
      seq: this.state.seq + 1,
      commandId,
      actorId: by as id.UserId,
      at: this.nowMs,
      rulesVersion: RULES_VERSION,
      format: EVENT_FORMAT,
      events,
    };
    evolve(this.state, entry);
    this.log.push(entry);
  }

  item(itemId = 'item-1'): Item {
    const item = this.state.items.get(itemId as id.ItemId);
    if (item === undefined) throw new Error(`no ${itemId}`);
    return item;
  }
}

/** alice of Sales has created item-1, and works on it. */
export function drafted(options?: TestBoardOptions): TestBoard {
  const board = new TestBoard(options);
  board.tell('alice', 'createItem');
  board.tell('alice', 'claimItem');
  return board;
}

/** alice has offered item-1 to Legal. */
export function offeredToLegal(options?: TestBoardOptions): TestBoard {
  const board = drafted(options);
  board.tell('alice', 'offerHandoff', {
    seamId: 'draft-to-review',
    facts: { company: 'Acme Ltd', contact: 'alice' },
  });
  return board;
}

/** bob of Legal has accepted item-1, and reviews it. */
export function inReview(options?: TestBoardOptions): TestBoard {
  const board = offeredToLegal(options);
  board.tell('bob', 'acceptHandoff');
  return board;
}

/** The code of a refusal, or the types of the events. */
export function outcome(decision: Decision): string {
  return decision.ok ? decision.value.map((event) => event.type).join(' + ') : decision.refusal.code;
}

function contents(type: AnyCommand['type'], item: Item | undefined, made: number): object {
  const openHandoffId = item?.handoff?.id ?? 'no-handoff';
  const known: Partial<Record<AnyCommand['type'], object>> = {
    createItem: { workflowId: WORKFLOW.id, workflowVersion: 1, facts: { title: 'Acme' }, order: 'a0' },
    assignOwner: { ownerId: null },
    offerHandoff: {
      handoffId: `handoff-${made}`,
      seamId: 'review-to-setup',
      facts: { startDate: '2026-12-01' },
      note: '',
    },
    offerDeviation: { handoffId: `handoff-${made}`, toStepId: 'draft', facts: {}, reason: 'The deal is off' },
    acceptHandoff: { handoffId: openHandoffId, order: 'a1', readBack: 'Read the draft' },
    returnHandoff: { handoffId: openHandoffId, reasonId: null, note: 'Not like this', missing: [] },
    withdrawHandoff: { handoffId: openHandoffId },
    sendBack: {
      handoffId: `handoff-${made}`,
      reasonId: 'incomplete',
      note: 'A page is missing',
      missing: ['company'],
    },
    startWaiting: { on: 'customer', what: 'Signature', until: null },
    cancelItem: { reason: 'Lost' },
    reopenItem: { reason: 'Won after all' },
    orderItem: { order: 'a5' },
    addComment: { commentId: `comment-${made}`, text: 'Called them.' },
    linkItems: { otherId: 'item-2', kind: 'blocks' },
    unlinkItems: { otherId: 'item-3' },
    recordFacts: { facts: { company: 'Acme Limited' } },
    setMember: { userId: 'alice', isAdmin: false, roles: { sales: 'member' } },
  };
  return known[type] ?? {};
}

function step(stepId: string, teamId: id.TeamId, isFinal = false): Step {
  return { id: stepId as id.StepId, name: stepId, teamId, isFinal, workLimitMs: null };
}

function seam(
  from: string,
  to: string,
  needs: readonly string[],
  options: { isAutomatic?: boolean; returnReasons?: readonly string[]; asksReadBack?: boolean } = {},
): Seam {
  return {
    id: `${from}-to-${to}` as id.SeamId,
    fromStepId: from as id.StepId,
    toStepId: to as id.StepId,
    isAutomatic: options.isAutomatic ?? false,
    needs: needs.map((key) => ({ kind: 'fact', field: key as id.FieldKey })),
    returnReasons: (options.returnReasons ?? []).map((reason) => ({
      id: reason as id.ReasonId,
      label: reason,
    })),
    gapLimitMs: null,
    ...(options.asksReadBack ? { asksReadBack: true } : {}),
  };
}

function field(key: string, type: Field['type'], choices: readonly string[] = []): Field {
  return { key: key as id.FieldKey, label: key, type, hint: '', choices };
}
