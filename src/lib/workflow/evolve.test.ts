import { describe, expect, it } from 'vitest';
import { drafted, inReview, offeredToLegal, TestBoard } from '../../../tests/support/board.ts';
import { emptyBoard, forkBoard } from './board-state.ts';
import type { Entry, Event } from './events.ts';
import { evolve } from './evolve.ts';
import { markOf } from './ids.ts';
import { LAST_COMMANDS_MAX, TRAIL_LENGTH_MAX } from './state.ts';

function entryAfter(board: TestBoard, change: Partial<Entry>): Entry {
  const last = board.log.at(-1)!;
  return { ...last, seq: last.seq + 1, commandId: 'next' as never, ...change };
}

describe('the log', () => {
  it('W70: replayed from empty, the log of alice and bob gives their board', () => {
    const board = inReview();
    board.tell('bob', 'sendBack');
    board.tell('ada', 'setMember', { userId: 'alice', roles: { sales: 'lead' } });
    board.tell('alice', 'returnHandoff', { reasonId: 'incomplete' });
    const replayed = emptyBoard(board.ground);
    for (const entry of board.log) evolve(replayed, entry);
    expect(replayed).toEqual(board.state);
  });

  it('W70: a replay through JSON, as a database keeps it, gives the same', () => {
    const board = offeredToLegal();
    const replayed = emptyBoard(board.ground);
    for (const entry of JSON.parse(JSON.stringify(board.log)) as Entry[]) evolve(replayed, entry);
    expect(replayed.items.get(board.item().id)).toEqual(board.item());
  });

  it('W75: an entry that does not follow, or of a format nobody wrote, throws and changes nothing', () => {
    const board = inReview();
    const before = structuredClone(board.item());
    const claimed: Event[] = [{ type: 'itemClaimed', itemId: before.id, ownerId: 'ben' as never }];
    for (const change of [{ seq: board.state.seq }, { seq: board.state.seq + 2 }, { format: 99 }]) {
      expect(() => evolve(board.state, entryAfter(board, { events: claimed, ...change }))).toThrow();
    }
    expect(board.item()).toEqual(before);
    expect(board.state.seq).toBe(board.log.length);
  });

  it('W75: an entry about an item that was never created, or that ends a handoff nobody offered, throws', () => {
    const board = inReview();
    const none: Event[] = [{ type: 'workResumed', itemId: 'item-none' as never }];
    expect(() => evolve(board.state, entryAfter(board, { events: none }))).toThrow('item-none');
    const accepted: Event[] = [
      { type: 'handoffWithdrawn', itemId: board.item().id, handoffId: 'ghost' as never },
    ];
    expect(() => evolve(board.state, entryAfter(board, { events: accepted }))).toThrow('not open');
  });

  it('W74: keeps the way an item came and its last commands short', () => {
    const board = new TestBoard();
    board.tell('alice', 'createItem');
    for (let round = 0; round < TRAIL_LENGTH_MAX; round += 1) {
      board.tell('alice', 'offerHandoff', { seamId: 'draft-to-pricing', facts: {} });
      board.tell('amy', 'offerDeviation', { toStepId: 'draft' });
    }
    expect(board.item().trail).toHaveLength(TRAIL_LENGTH_MAX);
    expect(board.item().trail.at(-1)?.stepId).toBe('pricing');
    expect(board.item().lastCommands).toHaveLength(LAST_COMMANDS_MAX);
    expect(board.item().lastCommands.at(-1)).toBe(markOf(board.log.at(-1)!.commandId));
  });
});

describe('the last commands of an item', () => {
  it('name each command once, though it led to two events', () => {
    const board = drafted();
    const mark = markOf(board.tell('alice', 'offerHandoff', { seamId: 'draft-to-pricing', facts: {} }));
    expect(board.item().lastCommands.filter((each) => each === mark)).toHaveLength(1);
  });

  it('are known by the end of their ids, and so are those of rows that hold the whole ids', () => {
    const board = drafted();
    const id = board.log.at(-1)!.commandId;
    const mark = board.item().lastCommands.at(-1);
    expect(id).toMatch(new RegExp(`${mark ?? 'none'}$`));
    expect(mark && markOf(mark)).toBe(mark);
  });

  it('leave out what the server recorded, for no browser waits for it', () => {
    const board = drafted();
    const before = board.item().lastCommands;
    board.tell('bob', 'recordFacts');
    expect(board.item().lastCommands).toEqual(before);
  });
});

describe('forks', () => {
  it('W73: what happens on a fork, and on a fork of it, is seen there and nowhere below', () => {
    const board = inReview();
    const before = structuredClone(board.item());
    const seq = board.state.seq;
    const fork = forkBoard(board.state);
    const resumed: Event[] = [{ type: 'itemClaimed', itemId: before.id, ownerId: 'ben' as never }];
    evolve(fork, entryAfter(board, { events: resumed }));
    const second = forkBoard(fork);
    evolve(
      second,
      entryAfter(board, { seq: seq + 2, events: [{ type: 'itemCompleted', itemId: before.id }] }),
    );

    expect(board.item()).toEqual(before);
    expect([board.state.seq, fork.seq, second.seq]).toEqual([seq, seq + 1, seq + 2]);
    expect(board.state.verdicts.has('next' as never)).toBe(false);
    expect(fork.items.get(before.id)).toMatchObject({ ownerId: 'ben', closed: null });
    expect(second.items.get(before.id)).toMatchObject({ ownerId: 'ben', closed: { kind: 'completed' } });
    expect([board.state, fork, second].map((state) => state.heldCounts.get(before.holderTeamId))).toEqual([
      1, 1, 0,
    ]);
    expect([...fork.changedItems().keys()]).toEqual([before.id]);
    expect(forkBoard(second).changedItems().size).toBe(0);
  });
});
