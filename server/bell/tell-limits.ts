import type { Kysely, Transaction } from 'kysely';
import type { BoardId, UserId } from '#lib/workflow/ids.ts';
import { onTheWay, type OnTheWay } from '#lib/workflow/limit-mark.ts';
import { stallGroundOf } from '#lib/workflow/stall.ts';
import { stuckSeamId } from '#lib/workflow/stalled-list.ts';
import { workflowKey, type Item } from '#lib/workflow/state.ts';
import { readGround } from '../persistence/board-rows.ts';
import { readStallFigures } from '../persistence/ground-store.ts';
import { readDueItems, writeLimitLooks, type DueItem, type LimitLook } from '../persistence/limit-looks.ts';
import { claimCursor } from '../persistence/log-cursor.ts';
import { readMembers } from '../persistence/members.ts';
import { publishBells, writeNotifications } from '../persistence/notification-store.ts';
import type { Schema } from '../persistence/schema.ts';
import { readItemWatchers, readSeamWatchers } from '../persistence/watcher-store.ts';
import { Audience } from './audience.ts';
import { newsOfLimit } from './news.ts';

/** The most items of one step, so that the first look at a large board is several short transactions. */
const ITEMS_PER_STEP_MAX = 200;
/** What a limit hangs on beside the item may change without it: one that rests is looked at once in one to two hours. */
const LOOK_AGAIN_MS = 60 * 60 * 1_000;
const SPREAD = 60;
/** What nobody has looked at yet and was stalled so long ago is no news: it stands on the page of what is stalled. */
const OLD_NEWS_MS = 24 * 60 * 60 * 1_000;

/**
 * Tells of the board's open items that have come half-way to their limit, or past it: of each once for each clock,
 * whatever node looks and however often. Reads current rows alone, and of those only the ones that a look is due for.
 */
export async function tellLimits(db: Kysely<Schema>, boardId: BoardId, nowMs: number): Promise<void> {
  for (;;) {
    const looked = await db.transaction().execute((trx) => step(trx, boardId, nowMs));
    if (looked < ITEMS_PER_STEP_MAX) return;
  }
}

interface Look {
  readonly item: Item;
  readonly way: OnTheWay;
  readonly isNews: boolean;
}

/** Gives how many items were looked at. */
async function step(trx: Transaction<Schema>, boardId: BoardId, nowMs: number): Promise<number> {
  // Held against other nodes, and against whoever reads the log on: a board's notifications have one writer.
  if ((await claimCursor(trx, { reader: 'bell', boardId, ifTaken: 'wait' })) === null) return 0;
  const due = await readDueItems(trx, { boardId, nowMs, limit: ITEMS_PER_STEP_MAX });
  if (due.length === 0) return 0;
  const looks = await lookAt(trx, boardId, { due, nowMs });
  await tell(
    trx,
    boardId,
    looks.filter(({ isNews }) => isNews),
    nowMs,
  );
  await writeLimitLooks(
    trx,
    looks.map(({ item, way }): LimitLook => {
      return { item, since: way.sinceMs, told: way.mark, againAt: lookAgainAt(item, way, nowMs) };
    }),
  );
  return due.length;
}

/** Spread by their numbers, so that what was first looked at together is not looked at together for ever. */
function lookAgainAt(item: Item, { nextMs }: OnTheWay, nowMs: number): number | null {
  const spreadMs = (item.number % SPREAD) * (LOOK_AGAIN_MS / SPREAD);
  return nextMs === null ? null : Math.min(nextMs, nowMs + LOOK_AGAIN_MS + spreadMs);
}

async function lookAt(
  trx: Transaction<Schema>,
  boardId: BoardId,
  { due, nowMs }: { due: readonly DueItem[]; nowMs: number },
): Promise<Look[]> {
  const { workflows } = await readGround(trx, boardId);
  const byKey = new Map(workflows.map((each) => [workflowKey(each.id, each.version), each]));
  const ground = stallGroundOf(await readStallFigures(trx, boardId, nowMs));
  return due.flatMap(({ item, isNew, told }) => {
    const workflow = byKey.get(workflowKey(item.workflowId, item.workflowVersion));
    if (!workflow) throw new Error(`Item ${item.id} has a workflow that its board does not have.`);
    const way = onTheWay(item, workflow, ground, nowMs);
    if (way === null) return [];
    const isSameClock = told?.since === way.sinceMs;
    // After an update or a restore all that has been stalled for long would ring at once, for everybody.
    const isOld = isNew && nowMs - way.fromMs > OLD_NEWS_MS;
    const wasTold = isSameClock && (told.mark === 'past' || told.mark === way.mark);
    const isNews = way.mark !== null && !isOld && !wasTold;
    return [{ item, way, isNews }];
  });
}

async function tell(
  trx: Transaction<Schema>,
  boardId: BoardId,
  looks: readonly Look[],
  nowMs: number,
): Promise<void> {
  if (looks.length === 0) return;
  const { members } = await readMembers(trx, boardId);
  const audience = new Audience(members);
  const watchersOf = await readWatchers(trx, boardId, looks);
  const news = looks.flatMap(({ item, way }) =>
    newsOfLimit({ item, way, audience, watchers: watchersOf(item), nowMs }).map((each) => {
      return { ...each, itemId: item.id, seq: item.responsibility.seq };
    }),
  );
  await publishBells(trx, boardId, await writeNotifications(trx, boardId, news));
}

/** Who watches the item itself, or the seam that it is stuck at. */
async function readWatchers(
  trx: Transaction<Schema>,
  boardId: BoardId,
  looks: readonly Look[],
): Promise<(item: Item) => UserId[]> {
  const items = looks.map(({ item }) => item);
  const seamIds = new Set(items.map(stuckSeamId).filter((seamId) => seamId !== null));
  const ofItems = await readItemWatchers(
    trx,
    items.map(({ id }) => id),
  );
  const ofSeams = await readSeamWatchers(trx, boardId, [...seamIds]);
  return (item) => {
    const seamId = stuckSeamId(item);
    return [...(ofItems.get(item.id) ?? []), ...(seamId === null ? [] : (ofSeams.get(seamId) ?? []))];
  };
}
