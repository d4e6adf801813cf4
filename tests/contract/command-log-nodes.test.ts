import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../server/persistence/database.ts';
import { CommandLog, type Submission } from '../../server/persistence/command-log.ts';
import { loadBoardState } from '../../server/persistence/board-rows.ts';
import type { BoardState } from '../../src/lib/workflow/state.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { describeOnPostgres } from './databases.ts';
import { NOW_MS } from './contract-board.ts';
import { StoredBoard } from './stored-board.ts';

describeOnPostgres('Several nodes on one board', (database, url) => {
  let board: StoredBoard;

  beforeEach(async () => {
    board = await StoredBoard.create(database().db);
  });

  function submission(actor: 'alice' | 'bob', command: Submission['command']): Submission {
    return { command, actorId: board.people[actor] };
  }

  async function stateOf(): Promise<BoardState> {
    const loaded = await loadBoardState(board.db, board.id, NOW_MS);
    if (!loaded) throw new Error('The board is not there.');
    return loaded.state;
  }

  it('leave no gap and no double in the log when all of them commit at the same time', async () => {
    const nodes = await Promise.all(Array.from({ length: 6 }, () => board.node()));
    await Promise.all(
      nodes.map(async (node) => {
        for (let round = 0; round < 8; round += 1) {
          await node.commit(['alice', node.creating()], ['alice', node.creating()]);
        }
      }),
    );
    const items = await board.rows();
    expect(items.map(({ number }) => number)).toEqual(items.map((_, index) => index + 1));
    expect(items).toHaveLength(6 * 8 * 2);
    await board.expectRowsEqualReplay();
  });

  it('accept one of two contradictory answers to a handoff, and tell the other who was first', async () => {
    const [one, two] = await Promise.all([board.node(), board.node()]);
    for (let round = 0; round < 10; round += 1) {
      const creating = one.creating();
      await one.tell('alice', creating);
      await one.tell('alice', one.offering(creating.itemId));
      two.apply(await two.log.catchUp(two.state));
      const outcomes = await Promise.all([
        one.submit('bob', one.accepting(creating.itemId)),
        two.submit('bob', two.returning(creating.itemId)),
      ]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['accepted', 'refused']);
      one.apply(await one.log.catchUp(one.state));
    }
    await board.expectRowsEqualReplay();
  });

  it('decide the same command once when it reaches two of them at the same moment', async () => {
    const [one, two] = await Promise.all([board.node(), board.node()]);
    const command = one.creating();
    const outcomes = await Promise.all([one.submit('alice', command), two.submit('alice', command)]);

    expect(outcomes.map((outcome) => outcome.isRepeat).sort()).toEqual([false, true]);
    expect(new Set(outcomes.map((outcome) => outcome.kind === 'accepted' && outcome.seq)).size).toBe(1);
    await board.expectRowsEqualReplay();
  });

  it('do not wait for ever for one that holds the board and is frozen', async () => {
    const node = await board.node();
    const frozen = await openDatabase({ kind: 'postgres', url: url() });
    const holding = Promise.withResolvers<void>();
    const wake = Promise.withResolvers<void>();
    const held = frozen.db.transaction().execute(async (trx) => {
      await trx.selectFrom('board').selectAll().where('id', '=', board.id).forNoKeyUpdate().execute();
      holding.resolve();
      await wake.promise;
    });
    await holding.promise;
    const outcome = node.submit('alice', node.creating());
    await expect(outcome).rejects.toMatchObject({ code: '55P03' });
    wake.resolve();
    await held;
    await frozen.close();
    expect(await node.submit('alice', node.creating())).toMatchObject({ kind: 'accepted' });
  });

  it('are freed by the database from one that leaves its transaction open', async () => {
    const frozen = await openDatabase({ kind: 'postgres', url: url() });
    const { rows } = await sql<{ setting: string }>`show idle_in_transaction_session_timeout`.execute(
      frozen.db,
    );
    expect(Object.values(rows[0] ?? {})).toEqual(['5s']);
    await frozen.close();
  });

  it('say nothing was accepted when their connection is killed, and go on with the next command', async () => {
    const node = await board.node();
    const victim = await openDatabase({ kind: 'postgres', url: url() });
    const log = new CommandLog(victim.db);
    const blocked = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const holder = board.db.transaction().execute(async (trx) => {
      await trx.selectFrom('board').selectAll().where('id', '=', board.id).forNoKeyUpdate().execute();
      blocked.resolve();
      await release.promise;
    });
    await blocked.promise;
    const command = node.creating();
    const commit = log.commit(node.state, [submission('alice', command)], NOW_MS);
    const failed = expect(commit).rejects.toThrow();
    await expect.poll(() => waitingBackends()).toBe(1);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'
      and datname = current_database()`.execute(board.db);
    await failed;
    release.resolve();
    await holder;

    const { outcomes } = await log.commit(node.state, [submission('alice', command)], NOW_MS);
    expect(outcomes).toMatchObject([{ kind: 'accepted', isRepeat: false }]);
    await victim.close();
    await board.expectRowsEqualReplay();
  });

  it('get the first verdict for a command whose COMMIT was answered into a dead connection', async () => {
    const proxy = await FaultProxy.to(url());
    const cut = await openDatabase({ kind: 'postgres', url: proxy.urlBy(url()) });
    const log = new CommandLog(cut.db);
    const state = await stateOf();
    const node = await board.node();
    const command = node.creating();

    // Postgres says so once it is done; the question may be a prepared one, without a word in it.
    void proxy.once({ direction: 'toClient', pattern: 'COMMIT\0', then: 'cut' });
    await expect(log.commit(state, [submission('alice', command)], NOW_MS)).rejects.toThrow();
    expect(proxy.counts.resets).toBe(1);
    const { outcomes, missed, entries } = await log.commit(state, [submission('alice', command)], NOW_MS + 9);
    expect(outcomes).toEqual([{ kind: 'accepted', seq: state.seq + 1, at: NOW_MS, isRepeat: true }]);
    expect(missed.map(({ commandId }) => commandId)).toEqual([command.id]);
    expect(entries).toEqual([]);
    await cut.close();
    await proxy.stop();
    await board.expectRowsEqualReplay();
  });

  it('do it anew when the connection is lost before COMMIT', async () => {
    const proxy = await FaultProxy.to(url());
    const cut = await openDatabase({ kind: 'postgres', url: proxy.urlBy(url()) });
    const log = new CommandLog(cut.db);
    const state = await stateOf();
    const command = (await board.node()).creating();

    void proxy.once({ direction: 'toServer', pattern: 'insert into transition', then: 'cut' });
    await expect(log.commit(state, [submission('alice', command)], NOW_MS)).rejects.toThrow();
    expect(proxy.counts.resets).toBe(1);
    const { outcomes } = await log.commit(state, [submission('alice', command)], NOW_MS);
    expect(outcomes).toEqual([{ kind: 'accepted', seq: state.seq + 1, at: NOW_MS, isRepeat: false }]);
    await cut.close();
    await proxy.stop();
  });

  async function waitingBackends(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()
    `.execute(board.db);
    return rows[0]?.count ?? 0;
  }
});
