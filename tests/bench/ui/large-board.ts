import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { COMMIT_BATCH_MAX } from '../../../server/persistence/command-log.ts';
import type { Schema } from '../../../server/persistence/schema.ts';
import type { Command } from '../../../src/lib/workflow/commands.ts';
import type { CommandId, HandoffId, SeamId, StepId } from '../../../src/lib/workflow/ids.ts';
import type { Item } from '../../../src/lib/workflow/state.ts';
import { customerOnboarding } from '../../../src/lib/workflow/templates/customer-onboarding.ts';
import {
  seam,
  step,
  type LaneColor,
  type WorkflowTemplate,
} from '../../../src/lib/workflow/templates/template.ts';
import { StoredBenchBoard, type BenchUser } from '../baton-board.ts';

const LANES = 10;

const COLORS: readonly LaneColor[] = [
  'blue',
  'orange',
  'teal',
  'magenta',
  'gold',
  'violet',
  'green',
  'slate',
];
const INTAKE = 'step-0';

/** Ten teams: the first hands on to any of the others at once, and each of those to the next, which has to accept. */
const tenLanes: WorkflowTemplate = {
  id: 'ten-lanes',
  name: 'Ten lanes',
  summary: 'Ten teams, one step each.',
  teams: Array.from({ length: LANES }, (_, lane) => {
    const color = COLORS[lane % COLORS.length] ?? 'blue';
    return { key: `team-${lane}`, name: `Team ${lane}`, color, itemLimit: null };
  }),
  workflow: {
    keyPrefix: 'UIB',
    startStepId: INTAKE as StepId,
    fields: customerOnboarding.workflow.fields,
    steps: Array.from({ length: LANES }, (_, lane) => {
      return step(`step-${lane}`, `Step ${lane}`, `team-${lane}`, {
        workDays: 3,
        isFinal: lane === LANES - 1,
      });
    }),
    seams: [
      ...laneNumbers(1).map((lane) => seam(INTAKE, `step-${lane}`, { isAutomatic: true })),
      ...laneNumbers(2).map((lane) =>
        seam(`step-${lane - 1}`, `step-${lane}`, {
          needs: ['companyName', 'product'],
          returnReasons: { incomplete: 'Something is missing' },
          gapHours: 24,
        }),
      ),
    ],
  },
  sampleItems: [],
};

/**
 * A board as people have it after some weeks: the items spread evenly over the lanes; of those in a lane one in eight is
 * offered to the next, one in eight waits and every second of the others has an owner.
 */
export async function createLargeBoard(
  db: Kysely<Schema>,
  users: readonly BenchUser[],
  items: number,
): Promise<StoredBenchBoard> {
  const [admin] = users;
  if (!admin) throw new Error('Somebody has to make the board.');
  const board = await StoredBenchBoard.create(db, users, { items }, tenLanes);
  await commitAll(board, admin, (await board.items()).flatMap(spread));
  await commitAll(board, admin, (await board.items()).flatMap(setAtWork));
  return board;
}

async function commitAll(
  board: StoredBenchBoard,
  { id: actorId }: BenchUser,
  commands: readonly Command[],
): Promise<void> {
  for (let done = 0; done < commands.length; done += COMMIT_BATCH_MAX) {
    const batch = commands.slice(done, done + COMMIT_BATCH_MAX);
    await board.commit(batch.map((command) => ({ command, actorId })));
  }
}

function spread(item: Item): Command[] {
  const lane = item.number % LANES;
  return lane === 0 ? [] : [offer(item, lane)];
}

function setAtWork(item: Item): Command[] {
  const lane = Number(item.stepId.split('-')[1]);
  const turn = Math.floor(item.number / LANES) % 8;
  if (turn === 0 && lane > 0 && lane < LANES - 1) return [offer(item, lane + 1)];
  if (turn === 1)
    return [{ ...about(item), type: 'startWaiting', on: 'customer', what: 'Their answer', until: null }];
  return turn % 2 === 0 ? [{ ...about(item), type: 'claimItem' }] : [];
}

function offer(item: Item, toLane: number): Command {
  return {
    ...about(item),
    type: 'offerHandoff',
    handoffId: randomUUID() as string as HandoffId,
    seamId: `${item.stepId}-to-step-${toLane}` as SeamId,
    facts: item.facts,
    note: '',
  };
}

function about(item: Item) {
  return {
    id: randomUUID() as string as CommandId,
    itemId: item.id,
    basis: { seq: item.responsibility.seq },
  };
}

function laneNumbers(first: number): number[] {
  return Array.from({ length: LANES - first }, (_, index) => first + index);
}
