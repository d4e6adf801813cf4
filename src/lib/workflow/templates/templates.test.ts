import { describe, expect, it } from 'vitest';
import { emptyBoard } from '../board-state.ts';
import { checkWorkflow } from '../check-workflow.ts';
import { decide } from '../decide.ts';
import { EVENT_FORMAT, RULES_VERSION } from '../events.ts';
import { evolve } from '../evolve.ts';
import { seamsFrom, isAutomatic } from '../graph.ts';
import type { BoardId, UserId } from '../ids.ts';
import { stallOf } from '../stall.ts';
import { placeOf } from '../place.ts';
import type { BoardState, Item } from '../state.ts';
import { instantiateTemplate, type BoardGround } from './instantiate.ts';
import { sampleCommands } from './sample-commands.ts';
import { findTemplate, WORKFLOW_TEMPLATES } from './templates.ts';

const nowMs = 1_795_435_200_000;
const ada = 'ada' as UserId;
const ready = WORKFLOW_TEMPLATES.filter((template) => template.id !== 'blank');

function counter(): () => string {
  let made = 0;
  return () => `id-${(made += 1)}`;
}

function boardWithSamples(ground: BoardGround): { state: BoardState; items: Item[] } {
  const { teams, workflow } = ground;
  const members = [{ userId: ada, isAdmin: true, roles: {} }];
  const state = emptyBoard({ boardId: 'board' as BoardId, teams, workflows: [workflow], members });
  const itemIds = new Set(sampleCommands(ground, ada, counter()).map(({ command }) => command.itemId));
  for (const { command, agoMs } of sampleCommands(ground, ada, counter())) {
    const at = nowMs - agoMs;
    const decision = decide(state, command, { userId: ada }, at);
    if (!decision.ok) throw new Error(`${command.type}: ${JSON.stringify(decision.refusal)}`);
    evolve(state, {
      seq: state.seq + 1,
      commandId: command.id,
      actorId: ada,
      at,
      rulesVersion: RULES_VERSION,
      format: EVENT_FORMAT,
      events: decision.value,
    });
  }
  return { state, items: [...itemIds].map((id) => state.items.get(id)!) };
}

describe.each(WORKFLOW_TEMPLATES)('template $id', (template) => {
  const ground = instantiateTemplate(template, counter());

  it('is a workflow that can be published, with every step owned by one of its teams', () => {
    expect(checkWorkflow(ground.workflow, (id) => ground.teams.some((team) => team.id === id))).toEqual([]);
  });

  it('gives every team a step, a colour and a lane of its own', () => {
    const { teams, workflow } = ground;
    expect(teams.filter((team) => !workflow.steps.some((step) => step.teamId === team.id))).toEqual([]);
    expect(new Set(teams.map((team) => team.color)).size).toBe(teams.length);
    expect(teams.map((team) => team.position)).toEqual(teams.map((_, index) => index));
  });

  it('shares no id with another board made from it', () => {
    const ids = new Set([ground.workflow.id, ...ground.teams.map((team) => team.id)]);
    const newId = counter();
    for (let count = 0; count < 10; count += 1) newId();
    const other = instantiateTemplate(template, newId);
    expect(
      [other.workflow.id, ...other.teams.map((team) => team.id)].filter((id) => ids.has(id as never)),
    ).toEqual([]);
  });
});

describe.each(ready)('ready workflow $id', (template) => {
  it('shows something of each item on walls, and nothing that somebody wrote in their own words', () => {
    const shown = template.workflow.fields.filter(({ showsOnWall }) => showsOnWall);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter(({ type }) => type === 'text' || type === 'link' || type === 'person')).toEqual([]);
  });

  const ground = instantiateTemplate(template, counter());
  const { workflow } = ground;

  it('spans four teams at least', () => {
    expect(ground.teams.length).toBeGreaterThanOrEqual(4);
  });

  it('asks for something at every seam between teams, and lets the receiver say why not', () => {
    for (const seam of workflow.seams.filter((one) => !isAutomatic(workflow, one))) {
      expect(seam.needs, seam.id).not.toEqual([]);
      expect(seam.returnReasons.length, seam.id).toBeGreaterThanOrEqual(2);
      expect(seam.gapLimitMs, seam.id).not.toBeNull();
    }
  });

  it('says for every field what the next team needs it for, and needs every field somewhere', () => {
    for (const field of workflow.fields) {
      expect(field.hint.length, field.key).toBeGreaterThan(20);
      expect(
        workflow.seams.some((seam) => seam.needs.some((need) => need.field === field.key)),
        field.key,
      ).toBe(true);
    }
  });

  it('limits the work of every step, and leads on from all but the last', () => {
    expect(workflow.steps.filter((step) => step.workLimitMs === null)).toEqual([]);
    expect(
      workflow.steps
        .filter((step) => seamsFrom(workflow, step.id).length === 0)
        .every((step) => step.isFinal),
    ).toBe(true);
  });

  it('has samples that go through the rules like any other item, and reach every column', () => {
    const { items } = boardWithSamples(ground);
    expect(items.length).toBeGreaterThanOrEqual(6);
    expect(items.length).toBeLessThanOrEqual(10);
    const columns = new Set(items.map((item) => placeOf(item)?.column));
    expect([...columns].sort()).toEqual(['incoming', 'waiting', 'working']);
    expect(new Set(items.map((item) => placeOf(item)?.teamId)).size).toBe(ground.teams.length);
    expect(items.filter((item) => item.returned !== null)).toHaveLength(1);
  });

  it('shows at once what a stall looks like: some samples are stalled, most are not', () => {
    const { items } = boardWithSamples(ground);
    const noHistory = { usual: () => undefined, hours: () => undefined };
    const stalled = items.filter((item) => stallOf(item, workflow, noHistory, nowMs)).length;
    expect(stalled).toBeGreaterThan(0);
    expect(stalled).toBeLessThan(items.length / 2);
  });

  it('dates its samples in the past, oldest first', () => {
    const agos = sampleCommands(ground, ada, counter()).map(({ agoMs }) => agoMs);
    expect(agos).toEqual([...agos].sort((a, b) => b - a));
    expect(Math.min(...agos)).toBeGreaterThan(0);
  });
});

describe('findTemplate', () => {
  it('knows the templates by id, and nothing else', () => {
    expect(findTemplate('blank')?.name).toBe('Blank board');
    expect(findTemplate('__proto__')).toBeNull();
  });
});
