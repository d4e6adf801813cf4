import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contents,
  ITEMS,
  itemsOf,
  newBoard,
  PEOPLE,
  play,
  step,
  steps,
  TEAMS,
} from '../../../tests/support/any-steps.ts';
import { MEMBERS, WORKFLOW, type TestBoard } from '../../../tests/support/board.ts';
import { emptyBoard, forkBoard } from './board-state.ts';
import { itemIdsOf } from './events.ts';
import { evolve } from './evolve.ts';
import { findStep } from './graph.ts';
import type { ItemId, UserId } from './ids.ts';
import { laneVerdict, legalMoves } from './legal-moves.ts';
import { compareItems } from './order.ts';
import { placeOf } from './place.ts';
import { INVERSE, relationsOf, relationTo } from './relations.ts';
import type { Refusal, RefusalCode } from './refusals.ts';
import { stallAhead } from './stall.ts';
import type { Item } from './state.ts';

const NO_HISTORY = { usual: () => undefined, hours: () => undefined };
const runs = { numRuns: 150 };

/** All of a board's state that can be compared. */
function snapshot({ state }: TestBoard): unknown {
  return structuredClone({
    seq: state.seq,
    nextNumber: state.nextNumber,
    items: ITEMS.map((id) => state.items.get(id as ItemId)),
    heldCounts: TEAMS.map((id) => state.heldCounts.get(id) ?? 0),
    members: PEOPLE.map((name) => state.members.get(name as UserId)),
  });
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(part);
}

describe('whatever anybody does, in any order', () => {
  it('W104: what leaves responsibility where it is leaves the moment of a stall there too', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        let before = new Map<ItemId, Item>();
        play(board, taken, () => {
          for (const item of itemsOf(board)) {
            const old = before.get(item.id);
            if (old?.responsibility.seq === item.responsibility.seq)
              expect(stallAhead(item, WORKFLOW, NO_HISTORY)).toEqual(stallAhead(old, WORKFLOW, NO_HISTORY));
          }
          before = new Map(itemsOf(board).map((item) => [item.id, item]));
        });
      }),
      runs,
    );
  });

  it('W70: the log replayed from empty, and through JSON, equals the state', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        const replayed = emptyBoard(board.ground);
        for (const entry of JSON.parse(JSON.stringify(board.log)) as typeof board.log)
          evolve(replayed, entry);
        expect(replayed.items).toEqual(board.state.items);
        expect(replayed.heldCounts).toEqual(board.state.heldCounts);
        expect(replayed.members).toEqual(board.state.members);
        expect([replayed.seq, replayed.nextNumber]).toEqual([board.state.seq, board.state.nextNumber]);
        for (const { commandId, seq } of board.log) {
          expect(replayed.verdicts.get(commandId)).toEqual({ accepted: true, seq });
        }
      }),
      runs,
    );
  });

  it('W70: seq is gap-free from 1, and an item remembers the last that touched it', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        expect(board.log.map((entry) => entry.seq)).toEqual(board.log.map((_, index) => index + 1));
        expect(board.state.seq).toBe(board.log.length);
        for (const item of itemsOf(board)) {
          const touching = board.log.filter((entry) =>
            entry.events.some((event) => itemIdsOf(event).includes(item.id)),
          );
          expect(item.seq).toBe(touching.at(-1)?.seq);
          expect(item.responsibility.seq).toBeLessThanOrEqual(item.seq);
        }
      }),
      runs,
    );
  });

  it('W180: a relation stands on both items', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        for (const item of itemsOf(board)) {
          for (const { kind, itemId } of relationsOf(item)) {
            const back = relationTo(board.item(itemId), item.id);
            expect(back).toEqual({ kind: INVERSE[kind], itemId: item.id, key: item.key });
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('W71: a refusal changes nothing', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        let before = snapshot(board);
        play(board, taken, (decision) => {
          if (!decision.ok) expect(snapshot(board)).toEqual(before);
          before = snapshot(board);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('W72: deciding changes neither the state nor the command, and gives the same answer twice', () => {
    fc.assert(
      fc.property(steps, step, (taken, { by, type, fields }) => {
        const board = newBoard();
        play(board, taken);
        const command = board.command(type, fields);
        itemsOf(board).forEach(deepFreeze);
        deepFreeze(board.ground);
        deepFreeze(command);
        // Maps cannot be frozen: a state whose every write throws shows that none is made.
        const forbid = (): never => {
          throw new Error('deciding wrote to the state');
        };
        for (const lookup of [
          board.state.items,
          board.state.members,
          board.state.heldCounts,
          board.state.verdicts,
        ]) {
          lookup.set = forbid;
        }
        Object.freeze(board.state);
        expect(board.decide(by, command)).toEqual(board.decide(by, command));
      }),
      runs,
    );
  });

  it('W73: a fork plays on to the same end as the state itself would, and leaves that untouched', () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const board = newBoard();
        const played = newBoard();
        play(board, first);
        play(played, first);
        const before = snapshot(board);
        play(played, second);

        const fork = forkBoard(forkBoard(board.state));
        for (const entry of played.log.slice(board.log.length)) evolve(fork, entry);
        expect(snapshot(board)).toEqual(before);
        expect(ITEMS.map((id) => fork.items.get(id as ItemId))).toEqual(
          ITEMS.map((id) => played.state.items.get(id as ItemId)),
        );
        expect(TEAMS.map((id) => fork.heldCounts.get(id) ?? 0)).toEqual(
          TEAMS.map((id) => played.state.heldCounts.get(id) ?? 0),
        );
        expect([fork.seq, fork.nextNumber]).toEqual([played.state.seq, played.state.nextNumber]);
        for (const [id, item] of fork.changedItems()) expect(played.state.items.get(id)).toEqual(item);
      }),
      runs,
    );
  });

  it('W32, W74: exactly one holder, at most one open handoff, and one place to be drawn in', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken, () => {
          for (const item of itemsOf(board)) {
            // The holder is the team of the step: there is no moment at which the two disagree.
            expect(findStep(WORKFLOW, item.stepId)?.teamId).toBe(item.holderTeamId);
            const { handoff, waiting, closed } = item;
            if (handoff)
              expect([handoff.fromTeamId, handoff.fromStepId]).toEqual([item.holderTeamId, item.stepId]);
            if (handoff) expect(handoff.toTeamId).not.toBe(item.holderTeamId);
            expect([handoff, waiting, closed].filter((phase) => phase !== null).length).toBeLessThanOrEqual(
              1,
            );
            const lanes = TEAMS.filter((teamId) => placeOf(item)?.teamId === teamId);
            expect(lanes).toHaveLength(closed ? 0 : 1);
          }
        });
        const opened = new Map<string, number>();
        for (const event of board.log.flatMap((entry) => entry.events)) {
          if (!('itemId' in event)) continue;
          if (event.type === 'handoffOffered') opened.set(event.itemId, (opened.get(event.itemId) ?? 0) + 1);
          if (
            ['handoffAccepted', 'handoffReturned', 'handoffWithdrawn', 'itemCancelled'].includes(event.type)
          ) {
            opened.set(event.itemId, 0);
          }
          expect(opened.get(event.itemId) ?? 0).toBeLessThanOrEqual(1);
        }
      }),
      runs,
    );
  });

  it('W61: the counts of held items equal a recount', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken, () => {
          for (const teamId of TEAMS) {
            const held = itemsOf(board).filter(
              (item) => item.closed === null && item.holderTeamId === teamId,
            );
            expect(board.state.heldCounts.get(teamId) ?? 0).toBe(held.length);
          }
        });
      }),
      runs,
    );
  });

  it('W80, W81: every move that is said to be legal is, and every lane has an answer', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(...PEOPLE), (taken, by) => {
        const board = newBoard();
        play(board, taken);
        const actor = { userId: by as UserId };
        for (const item of itemsOf(board)) {
          for (const { route, refusal, toStep } of legalMoves(board.state, item, actor)) {
            const fields = {
              itemId: item.id,
              facts: { company: 'Acme', contact: 'alice', startDate: '2026-12-01', signed: true },
            };
            if (route.kind === 'back') continue;
            const decision =
              route.kind === 'seam'
                ? board.ask(by, 'offerHandoff', { ...fields, seamId: route.seamId })
                : board.ask(by, 'offerDeviation', { ...fields, toStepId: toStep.id });
            expect(decision.ok ? null : decision.refusal).toEqual(refusal);
          }
          for (const teamId of TEAMS) {
            const verdict = laneVerdict(board.state, item, actor, teamId);
            if (verdict.kind === 'moves')
              expect(verdict.moves.every((move) => move.refusal === null)).toBe(true);
          }
        }
      }),
      runs,
    );
  });

  it('W74: a column is in one order, whoever sorts it', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken);
        const items = itemsOf(board);
        expect([...items].sort(compareItems)).toEqual([...items].reverse().sort(compareItems));
      }),
      { numRuns: 30 },
    );
  });
});

describe('these properties are about something', () => {
  it('W1: every command is accepted, and every refusal that the rules can give is given, at least once', () => {
    const accepted = new Set<string>();
    const refused = new Set<RefusalCode>();
    const routes = new Set<string>();
    fc.assert(
      fc.property(steps, (taken) => {
        const board = newBoard();
        play(board, taken, (decision, command) => {
          if (!decision.ok) refused.add(decision.refusal.code);
          else accepted.add(command.type);
          for (const event of decision.ok ? decision.value : []) {
            if (event.type === 'handoffOffered') routes.add(event.route.kind);
          }
        });
      }),
      // A fixed seed: whether a search finds everything must not depend on the day.
      { numRuns: 1_000, seed: 20_261_123 },
    );
    // With three items nobody has twenty relations, and a circle takes all three: `decide-relations.test.ts` has both.
    const reachable: Record<
      Exclude<Refusal['code'], 'malformed' | 'idReused' | 'relationsFull' | 'blocksInCircle'>,
      true
    > = {
      notAllowed: true,
      notYourTeam: true,
      noSuchItem: true,
      itemExists: true,
      noSuchWorkflow: true,
      noSuchStep: true,
      noSuchSeam: true,
      seamExists: true,
      gateIncomplete: true,
      factsInvalid: true,
      itemMovedOn: true,
      dependsOnRefused: true,
      itemClosed: true,
      itemNotClosed: true,
      handoffOpen: true,
      noOpenHandoff: true,
      alreadyWaiting: true,
      notWaiting: true,
      dayOutOfReach: true,
      alreadyOwner: true,
      nudgedLately: true,
      ownerNotInTeam: true,
      reasonRequired: true,
      noSuchReason: true,
      readBackRequired: true,
      laneFull: true,
      notFinalStep: true,
      nothingToSendBack: true,
      bounceNeedsLead: true,
      relatedToItself: true,
      alreadyRelated: true,
      notRelated: true,
    };
    expect(Object.keys(contents).filter((type) => !accepted.has(type))).toEqual([]);
    expect(Object.keys(reachable).filter((code) => !refused.has(code as RefusalCode))).toEqual([]);
    expect([...routes].sort()).toEqual(['back', 'detour', 'seam', 'skip']);
    expect(MEMBERS.length).toBeGreaterThanOrEqual(3);
  });
});
