import type { Kysely } from 'kysely';
import type { StalledRow } from '#lib/protocol/api.ts';
import { TITLE_KEY, type WorkflowVersion } from '#lib/workflow/definition.ts';
import { findStep } from '#lib/workflow/graph.ts';
import type { BoardId, TeamId, UserId } from '#lib/workflow/ids.ts';
import { stallGroundOf, stallOf } from '#lib/workflow/stall.ts';
import {
  stalledList,
  stuckSeamId,
  type StalledFilter,
  type StalledItem,
} from '#lib/workflow/stalled-list.ts';
import { workflowKey, type Item } from '#lib/workflow/state.ts';
import { readGround, readOpenItems } from './board-rows.ts';
import type { Schema } from './schema.ts';
import { readStallFigures } from './ground-store.ts';
import { UserStore } from './user-store.ts';

/** What of a board is stalled as of this moment, the longest first, by the rules that browsers show it by. */
export async function readStalled(
  db: Kysely<Schema>,
  { boardId, filter, nowMs }: { boardId: BoardId; filter: StalledFilter; nowMs: number },
): Promise<StalledRow[]> {
  const { teams, workflows } = await readGround(db, boardId);
  const byKey = new Map(workflows.map((workflow) => [workflowKey(workflow.id, workflow.version), workflow]));
  const ground = stallGroundOf(await readStallFigures(db, boardId, nowMs));
  const stalled = (await readOpenItems(db, boardId)).flatMap((item) => {
    const workflow = byKey.get(workflowKey(item.workflowId, item.workflowVersion));
    const stall = workflow ? stallOf(item, workflow, ground, nowMs) : null;
    return workflow && stall ? [{ item, stall, workflow }] : [];
  });
  const listed = stalledList(stalled, filter);
  const owners = new Set(listed.map(({ item }) => item.ownerId).filter((id) => id !== null));
  const people = await new UserStore(db).names([...owners]);
  const teamNames = new Map(teams.map(({ id, name }) => [id, name]));
  return listed.map((each) => rowOf(each, { teamNames, people }));
}

interface Named {
  readonly teamNames: ReadonlyMap<TeamId, string>;
  readonly people: ReadonlyMap<UserId, string>;
}

function rowOf(
  { item, stall, workflow }: StalledItem & { readonly workflow: WorkflowVersion },
  { teamNames, people }: Named,
): StalledRow {
  return {
    itemId: item.id,
    key: item.key,
    title: String(item.facts[TITLE_KEY] ?? ''),
    workflowId: workflow.id,
    workflow: workflow.name,
    step: findStep(workflow, item.stepId)?.name ?? '',
    seamId: stuckSeamId(item),
    holder: teamNames.get(item.holderTeamId) ?? '',
    owner: ownerName(item, people),
    teamId: stall.mustMove,
    team: teamNames.get(stall.mustMove) ?? '',
    clock: stall.clock,
    since: stall.sinceMs,
    stalledFrom: stall.fromMs,
    because: stall.because,
    limitMs: stall.limitMs,
    usual: stall.usual && { p50Ms: stall.usual.p50Ms, p85Ms: stall.usual.p85Ms },
    nudges: item.nudged?.count ?? 0,
  };
}

function ownerName({ ownerId }: Item, people: Named['people']): string | null {
  return ownerId === null ? null : (people.get(ownerId) ?? null);
}
