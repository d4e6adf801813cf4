import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { followLog } from '../../server/bell/follow-log.ts';
import { tellLimits } from '../../server/bell/tell-limits.ts';
import { boardsBehind } from '../../server/persistence/log-cursor.ts';
import {
  countUnread,
  forgetOld,
  markRead,
  NOTIFICATIONS_KEPT_DAYS,
  readNotifications,
} from '../../server/persistence/notification-store.ts';
import { jsonb } from '../../server/persistence/jsonb.ts';
import {
  isWatching,
  watch,
  WATCHED_ITEMS_MAX,
  WATCHED_SEAMS_MAX,
  type Watching,
} from '../../server/persistence/watcher-store.ts';
import { openDatabase } from '../../server/persistence/database.ts';
import type { Command } from '../../src/lib/workflow/commands.ts';
import type { ItemId, SeamId } from '../../src/lib/workflow/ids.ts';
import { describeOnBoth, describeOnPostgres, type DatabaseOf } from './databases.ts';
import { NOW_MS, newId, type BoardNode, type PersonName } from './contract-board.ts';
import { StoredBoard } from './stored-board.ts';

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;

/** Who hears what of a board. */
class Listening {
  readonly board: StoredBoard;
  readonly node: BoardNode;

  private constructor(board: StoredBoard, node: BoardNode) {
    this.board = board;
    this.node = node;
  }

  /** alice works in Sales, bob in Legal; nobody leads. An offer may wait for eight hours. */
  static async on(database: DatabaseOf): Promise<Listening> {
    const board = await StoredBoard.create(database().db);
    await limitOffers(board, 8 * HOUR_MS);
    const node = await board.node();
    await followLog(board.db, board.id);
    return new Listening(board, node);
  }

  /** Kind and occasion of what a person is told, the latest first; a star for what is unread. */
  async heardBy(name: PersonName): Promise<string[]> {
    const whose = { userId: this.board.people[name], boardId: this.board.id };
    const all = await readNotifications(this.board.db, whose, { before: null, limit: 50 });
    return all.map(({ kind, about, isRead }) => `${isRead ? '' : '*'}${kind} ${about.type}`);
  }

  async drafted(): Promise<ItemId> {
    const creating = this.node.creating();
    await this.node.tell('alice', creating);
    await this.node.tell('alice', this.node.claiming(creating.itemId));
    return creating.itemId;
  }

  async offered(): Promise<ItemId> {
    const itemId = await this.drafted();
    await this.node.tell('alice', this.node.offering(itemId));
    return itemId;
  }

  async follow(): Promise<void> {
    await followLog(this.board.db, this.board.id);
  }

  overItem(name: PersonName, id: ItemId): Watching {
    return { boardId: this.board.id, userId: this.board.people[name], place: { kind: 'item', id } };
  }

  overSeam(name: PersonName, id: string): Watching {
    const place = { kind: 'seam', id: id as SeamId } as const;
    return { boardId: this.board.id, userId: this.board.people[name], place };
  }

  nudging(itemId: ItemId): Command {
    return this.#on(itemId, { type: 'nudgeItem' });
  }

  withdrawing(itemId: ItemId): Command {
    return this.#on(itemId, { type: 'withdrawHandoff', handoffId: this.node.item(itemId).handoff?.id });
  }

  sendingBack(itemId: ItemId): Command {
    const reason = { reasonId: 'incomplete', note: 'A page is missing', missing: ['company'] };
    return this.#on(itemId, { type: 'sendBack', handoffId: newId(), ...reason });
  }

  assigning(itemId: ItemId, name: PersonName): Command {
    return this.#on(itemId, { type: 'assignOwner', ownerId: this.board.people[name] });
  }

  offeringOver(seamId: string, itemId: ItemId, facts: object): Command {
    return this.#on(itemId, { type: 'offerHandoff', handoffId: newId(), seamId, facts, note: '' });
  }

  #on(itemId: ItemId, fields: object): Command {
    const basis = { seq: this.node.item(itemId).responsibility.seq };
    return { id: newId(), itemId, basis, ...fields } as unknown as Command;
  }
}

describeOnBoth('The bell', (database) => {
  it('B1: rings for the members of the team an item is offered to, and not for who offered it', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('dave', { legal: 'lead' }));
    await bell.node.tell('ada', bell.board.joining('vera', { legal: 'viewer' }));
    await bell.offered();
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual(['*act offered']);
    expect(await bell.heardBy('dave')).toEqual(['*act offered']);
    expect(await bell.heardBy('alice')).toEqual([]);
    expect(await bell.heardBy('vera')).toEqual([]);
    expect(await bell.heardBy('carol')).toEqual([]);
    // Who could act for any team is not told of all of them.
    expect(await bell.heardBy('ada')).toEqual([]);
  });

  it('B6: takes back what a colleague has done meanwhile', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('dave', { legal: 'member' }));
    const itemId = await bell.offered();
    await bell.follow();
    await bell.node.tell('dave', bell.node.accepting(itemId));
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual([]);
    const { rows } = await countDeliveries(bell);
    expect(rows).toBe(0);
  });

  it('B2: rings for the owner of an item that is returned, and for the leads of the team', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('carol', { sales: 'lead' }));
    await bell.node.tell('ada', bell.board.joining('dave', { sales: 'member' }));
    const itemId = await bell.offered();
    await bell.node.tell('bob', bell.node.returning(itemId));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual(['*cameBack returned']);
    expect(await bell.heardBy('carol')).toEqual(['*cameBack returned']);
    expect(await bell.heardBy('dave')).toEqual([]);
    expect(await bell.heardBy('bob')).toEqual([]);
  });

  it('B2: rings for who had handed an item on that is sent back, and nobody owns any more', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('dave', { sales: 'member' }));
    await bell.node.tell('ada', bell.board.joining('carol', { sales: 'lead' }));
    const itemId = await bell.offered();
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.node.tell('bob', bell.sendingBack(itemId));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual(['*cameBack sentBack']);
    expect(await bell.heardBy('carol')).toEqual(['*cameBack sentBack']);
    expect(await bell.heardBy('dave')).toEqual([]);
  });

  it('B3: rings for whom a colleague makes the owner, and for a team at which an item arrives by itself', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('vera', { provisioning: 'member' }));
    const itemId = await bell.offered();
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.node.tell('bob', bell.offeringOver('review-to-setup', itemId, { startDate: '2026-12-01' }));
    await bell.node.tell('carol', bell.node.accepting(itemId));
    await bell.node.tell('carol', bell.assigning(itemId, 'vera'));
    await bell.follow();
    expect(await bell.heardBy('vera')).toEqual(['*act assigned']);
    expect(await bell.heardBy('carol')).toEqual([]);
    await bell.node.tell('carol', bell.offeringOver('setup-to-live', itemId, { signed: true }));
    await bell.follow();
    expect(await bell.heardBy('dave')).toEqual(['*act arrived']);
    expect(await bell.heardBy('vera')).toEqual([]);
  });

  it('B4, B5, B25: keeps one unread notification for each item and person, renewed by a nudge', async () => {
    const bell = await Listening.on(database);
    const itemId = await bell.offered();
    await bell.follow();
    await bell.node.tell('alice', bell.nudging(itemId));
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual(['*act nudged']);
    expect(await countDeliveries(bell)).toEqual({ rows: 1, due: 1 });
  });

  it('B20: tells of each happening once, also when the log is read again from the beginning', async () => {
    const bell = await Listening.on(database);
    await bell.offered();
    await bell.follow();
    const whose = { userId: bell.board.people.bob, boardId: bell.board.id };
    await markRead(bell.board.db, whose, { until: bell.node.nowMs }, NOW_MS);
    await bell.board.db
      .updateTable('log_cursor')
      .set({ seq: 0 })
      .where('board_id', '=', bell.board.id)
      .execute();
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual(['act offered']);
  });

  it('B20: is silent about what was refused', async () => {
    const bell = await Listening.on(database);
    const itemId = await bell.drafted();
    expect(await bell.node.submit('bob', bell.node.offering(itemId))).toMatchObject({ kind: 'refused' });
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual([]);
  });

  it('B20: rings for what happened while no node was there to tell of it', async () => {
    const bell = await Listening.on(database);
    await bell.offered();
    // Committed, and the node that did it is gone: the next one finds the board behind.
    expect(await boardsBehind(bell.board.db, 'bell')).toContain(bell.board.id);
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual(['*act offered']);
    expect(await boardsBehind(bell.board.db, 'bell')).not.toContain(bell.board.id);
  });

  it('B9: tells nothing to a member who has left, and forgets what they were told', async () => {
    const bell = await Listening.on(database);
    await bell.offered();
    await bell.follow();
    await bell.node.tell('ada', bell.board.joining('bob', {}));
    await bell.offered();
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual([]);
    // Legal has nobody now, and what is offered to it must not lie there unseen.
    expect(await bell.heardBy('ada')).toEqual(['*act offered']);
  });

  it('B7: rings half-way to a limit for the team, and past it for the sender too, each once', async () => {
    const bell = await Listening.on(database);
    const itemId = await bell.offered();
    await bell.follow();
    const tick = (hours: number) =>
      tellLimits(bell.board.db, bell.board.id, bell.node.nowMs + hours * HOUR_MS);
    await tick(1);
    expect(await bell.heardBy('bob')).toEqual(['*act offered']);
    await tick(5);
    expect(await bell.heardBy('bob')).toEqual(['*late halfway']);
    expect(await bell.heardBy('alice')).toEqual([]);
    await Promise.all([tick(9), tick(9)]);
    expect(await bell.heardBy('bob')).toEqual(['*late stalled']);
    expect(await bell.heardBy('alice')).toEqual(['*late stalled']);
    const whose = { userId: bell.board.people.alice, boardId: bell.board.id };
    await markRead(bell.board.db, whose, { until: bell.node.nowMs + 9 * HOUR_MS }, NOW_MS);
    await tick(10);
    expect(await bell.heardBy('alice')).toEqual(['late stalled']);
    // It moves: what was late is late no more, and the next clock begins.
    bell.node.nowMs += 10 * HOUR_MS;
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual([]);
  });

  it('B6: what is late stays so for those who were told when somebody only takes it up', async () => {
    const bell = await Listening.on(database);
    const itemId = await bell.offered();
    await bell.follow();
    await tellLimits(bell.board.db, bell.board.id, bell.node.nowMs + 9 * HOUR_MS);
    bell.node.nowMs += 9 * HOUR_MS;
    await bell.node.tell('ada', bell.node.claiming(itemId));
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual(['*late stalled']);
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual([]);
  });

  it('B5, B6: what is late stays late when somebody nudges, and is not withdrawn when a colleague takes it up', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('dave', { sales: 'member' }));
    const creating = bell.node.creating();
    await bell.node.tell('alice', creating);
    await bell.follow();
    await tellLimits(bell.board.db, bell.board.id, NOW_MS);
    await tellLimits(bell.board.db, bell.board.id, NOW_MS + 30 * DAY_MS);
    expect(await bell.heardBy('alice')).toEqual(['*late stalled']);
    bell.node.nowMs = NOW_MS + 30 * DAY_MS;
    await bell.node.tell('bob', bell.nudging(creating.itemId));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual(['*late nudged']);
    await bell.node.tell('dave', bell.node.claiming(creating.itemId));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual(['*late nudged']);
    await bell.node.tell('dave', bell.node.offering(creating.itemId));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual([]);
  });

  it('B5: a nudge is more than being half-way', async () => {
    const bell = await Listening.on(database);
    const itemId = await bell.offered();
    await bell.follow();
    await tellLimits(bell.board.db, bell.board.id, bell.node.nowMs + HOUR_MS);
    await tellLimits(bell.board.db, bell.board.id, bell.node.nowMs + 5 * HOUR_MS);
    bell.node.nowMs += 5 * HOUR_MS;
    await bell.node.tell('alice', bell.nudging(itemId));
    await bell.follow();
    expect(await bell.heardBy('bob')).toEqual(['*act nudged']);
  });

  it('B5: what came back keeps its reason when it becomes late', async () => {
    const bell = await Listening.on(database);
    const itemId = await bell.offered();
    await bell.node.tell('bob', bell.node.returning(itemId));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual(['*cameBack returned']);
    await tellLimits(bell.board.db, bell.board.id, bell.node.nowMs);
    await tellLimits(bell.board.db, bell.board.id, bell.node.nowMs + 30 * DAY_MS);
    expect(await bell.heardBy('alice')).toEqual(['*late returned']);
  });

  it('B7: a promise that is broken rings, though its item was late before', async () => {
    const bell = await Listening.on(database);
    const { db, id: boardId, people } = bell.board;
    const itemId = await bell.drafted();
    await bell.follow();
    const tick = (days: number) => tellLimits(db, boardId, NOW_MS + days * DAY_MS);
    await tick(0);
    await tick(30);
    expect(await bell.heardBy('alice')).toEqual(['*late stalled']);
    await markRead(db, { userId: people.alice, boardId }, { until: NOW_MS + 31 * DAY_MS }, NOW_MS);
    bell.node.nowMs = NOW_MS + 31 * DAY_MS;
    const until = new Date(NOW_MS + 33 * DAY_MS).toISOString().slice(0, 10);
    await bell.node.tell('alice', bell.node.waiting(itemId, until));
    await bell.follow();
    await tick(32);
    expect(await bell.heardBy('alice')).toEqual(['late stalled']);
    await tick(35);
    expect(await bell.heardBy('alice')).toEqual(['*late stalled', 'late stalled']);
    await tick(36);
    expect(await bell.heardBy('alice')).toHaveLength(2);
  });

  it.each(['before', 'after'] as const)(
    'B7: what is stalled still after an offer that was taken back at once is told again, looked at %s that was read',
    async (when) => {
      const bell = await Listening.on(database);
      const { db, id: boardId } = bell.board;
      const itemId = await bell.drafted();
      await bell.follow();
      const tick = (days: number) => tellLimits(db, boardId, NOW_MS + days * DAY_MS);
      await tick(0);
      await tick(30);
      expect(await bell.heardBy('alice')).toEqual(['*late stalled']);
      bell.node.nowMs = NOW_MS + 30 * DAY_MS;
      await bell.node.tell('alice', bell.node.offering(itemId));
      await bell.node.tell('alice', bell.withdrawing(itemId));
      if (when === 'before') await tick(30.1);
      await bell.follow();
      await tick(30.2);
      await tick(30.3);
      expect(await bell.heardBy('alice')).toEqual(['*late stalled']);
    },
  );

  it('B7: what is late when the bell reads of its offer is late all the same', async () => {
    const bell = await Listening.on(database);
    await bell.offered();
    const tick = (hours: number) =>
      tellLimits(bell.board.db, bell.board.id, bell.node.nowMs + hours * HOUR_MS);
    await tick(9);
    await bell.follow();
    await tick(10);
    expect(await bell.heardBy('bob')).toEqual(['*late stalled']);
  });

  it('B4, B7: an owner who may no longer act moves nothing, so the team is told', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('dave', { sales: 'member' }));
    const itemId = await bell.drafted();
    await bell.node.tell('ada', bell.board.joining('alice', { sales: 'viewer' }));
    await bell.node.tell('bob', bell.nudging(itemId));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual([]);
    expect(await bell.heardBy('dave')).toEqual(['*act nudged']);
  });

  it('B2: who had handed on what is returned hears of it where its owner can no longer act', async () => {
    const bell = await Listening.on(database);
    for (const name of ['carol', 'dave'] as const)
      await bell.node.tell('ada', bell.board.joining(name, { sales: 'member' }));
    const itemId = await bell.drafted();
    await bell.node.tell('dave', bell.node.claiming(itemId));
    await bell.node.tell('ada', bell.board.joining('dave', { sales: 'viewer' }));
    await bell.node.tell('alice', bell.node.offering(itemId));
    await bell.node.tell('bob', bell.node.returning(itemId));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual(['*cameBack returned']);
    for (const name of ['carol', 'dave'] as const) expect(await bell.heardBy(name)).toEqual([]);
  });

  it('B2: an admin who owns what is returned hears of it, though of no team', async () => {
    const bell = await Listening.on(database);
    const itemId = await bell.drafted();
    await bell.node.tell('ada', bell.node.claiming(itemId));
    await bell.node.tell('alice', bell.node.offering(itemId));
    await bell.node.tell('bob', bell.node.returning(itemId));
    await bell.follow();
    expect(await bell.heardBy('ada')).toEqual(['*cameBack returned']);
    expect(await bell.heardBy('alice')).toEqual([]);
  });

  it.each([
    ['whoever offered it where the owner has left', 'dave', 'alice'],
    ['the team where both have', 'alice', 'dave'],
  ] as const)('B7: of an open offer that is stalled it tells %s', async (_, offering, told) => {
    const bell = await Listening.on(database);
    const { node, board } = bell;
    await node.tell('ada', board.joining('dave', { sales: 'member' }));
    const itemId = await bell.drafted();
    if (told === 'alice') await node.tell('dave', node.claiming(itemId));
    await node.tell('alice', node.offering(itemId));
    await node.tell('ada', board.joining(told === 'alice' ? offering : 'alice', {}));
    await bell.follow();
    await tellLimits(board.db, board.id, node.nowMs + 9 * HOUR_MS);
    expect(await bell.heardBy(told)).toEqual(['*late stalled']);
  });

  it('B22: nothing is kept of the limits of what is closed', async () => {
    const bell = await Listening.on(database);
    const { db } = bell.board;
    const itemId = await bell.offered();
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.follow();
    await tellLimits(db, bell.board.id, NOW_MS);
    const looks = () => db.selectFrom('limit_look').select('item_id').where('item_id', '=', itemId).execute();
    expect(await looks()).toHaveLength(1);
    await bell.node.tell('bob', bell.node.completing(itemId));
    await bell.follow();
    expect(await looks()).toEqual([]);
  });

  it('B7: what was stalled for more than a day before anybody looked is no news', async () => {
    const bell = await Listening.on(database);
    await bell.offered();
    await bell.follow();
    await tellLimits(bell.board.db, bell.board.id, bell.node.nowMs + 100 * HOUR_MS);
    expect(await bell.heardBy('bob')).toEqual(['*act offered']);
    expect(await bell.heardBy('alice')).toEqual([]);
  });

  it('B7: who watches over a seam hears of what stalls at it, and of nothing before and nowhere else', async () => {
    const bell = await Listening.on(database);
    const { db, id: boardId } = bell.board;
    await watch(db, bell.overSeam('vera', 'draft-to-review'));
    await watch(db, bell.overSeam('carol', 'another'));
    const itemId = await bell.offered();
    await bell.follow();
    const tick = (hours: number) => tellLimits(db, boardId, bell.node.nowMs + hours * HOUR_MS);
    await tick(5);
    expect(await bell.heardBy('vera')).toEqual([]);
    await tick(9);
    expect(await bell.heardBy('vera')).toEqual(['*late stalled']);
    expect(await bell.heardBy('carol')).toEqual([]);
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.follow();
    expect(await bell.heardBy('vera')).toEqual([]);
  });

  it('B9: who has left the board watches over no seam of it any more', async () => {
    const bell = await Listening.on(database);
    const { db, id: boardId } = bell.board;
    await watch(db, bell.overSeam('vera', 'draft-to-review'));
    await bell.node.tell('ada', bell.board.joining('vera', {}));
    await bell.follow();
    expect(await db.selectFrom('seam_watcher').selectAll().where('board_id', '=', boardId).execute()).toEqual(
      [],
    );
  });

  it('B43: nobody watches more seams of a board than may be', async () => {
    const bell = await Listening.on(database);
    const { db, id: boardId } = bell.board;
    const numbered = (number: number) => watch(db, bell.overSeam('vera', `seam-${number}`));
    for (let number = 0; number < WATCHED_SEAMS_MAX; number++) expect(await numbered(number)).toBe('watched');
    expect(await numbered(WATCHED_SEAMS_MAX)).toBe('tooMany');
    expect(await numbered(0)).toBe('watched');
    const rows = await db
      .selectFrom('seam_watcher')
      .select('seam_id')
      .where('board_id', '=', boardId)
      .execute();
    expect(rows).toHaveLength(WATCHED_SEAMS_MAX);
  });

  it('B5, B8: tells who watches an item how it goes on, unless there is something for them to do', async () => {
    const bell = await Listening.on(database);
    const itemId = await bell.offered();
    for (const name of ['vera', 'bob'] as const) await watch(bell.board.db, bell.overItem(name, itemId));
    await bell.follow();
    expect(await bell.heardBy('vera')).toEqual([]);
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.follow();
    expect(await bell.heardBy('vera')).toEqual(['*watched accepted']);
    expect(await bell.heardBy('bob')).toEqual([]);
    await bell.node.tell('bob', bell.node.completing(itemId));
    await bell.follow();
    expect(await bell.heardBy('vera')).toEqual(['*watched completed']);
  });

  it('B43: nobody watches more items of a board than may be, and what they watch stays watched', async () => {
    const bell = await Listening.on(database);
    const { db, id: boardId, people } = bell.board;
    const watched = await bell.drafted();
    const itemId = await bell.drafted();
    const userId = people.vera;
    expect(await watch(db, bell.overItem('vera', watched))).toBe('watched');
    await sql`
      with copies as (
        insert into item select copy.* from item, generate_series(1, ${WATCHED_ITEMS_MAX - 1}) as n,
          json_populate_record(item, json_build_object('id', gen_random_uuid(), 'number', 10 + n)) as copy
        where item.id = ${itemId} returning id
      )
      insert into item_watcher (item_id, user_id, board_id) select id, ${userId}, ${boardId} from copies
    `.execute(db);
  });

  it('B24, B41: counts what is unread, and leaves unread what came or was renewed after it was seen', async () => {
    const bell = await Listening.on(database);
    const whose = { userId: bell.board.people.bob, boardId: bell.board.id };
    const itemId = await bell.offered();
    await bell.offered();
    await bell.follow();
    const { db } = bell.board;
    expect(await countUnread(db, whose)).toBe(2);
    const [first] = await readNotifications(db, whose, { before: null, limit: 1 });
    if (!first) throw new Error('bob was told nothing.');
    const [second] = await readNotifications(db, whose, { before: first, limit: 5 });
    expect(new Set([first.item.id, second?.item.id]).size).toBe(2);
    bell.node.nowMs += HOUR_MS;
    await bell.node.tell('alice', bell.nudging(itemId));
    await bell.follow();
    await markRead(db, whose, { until: first.at }, NOW_MS);
    expect(await bell.heardBy('bob')).toEqual(['*act nudged', 'act offered']);
    await forgetOld(db, bell.node.nowMs + NOTIFICATIONS_KEPT_DAYS * DAY_MS + 1);
    expect(await bell.heardBy('bob')).toEqual([]);
  });

  it.each([
    ['claims it', 'before'],
    ['claims it', 'after'],
    ['makes somebody its owner', 'before'],
    ['makes somebody its owner', 'after'],
  ] as const)(
    'B1: an open offer still asks the team when somebody of the sending one %s %s the bell has looked',
    async (what, when) => {
      const bell = await Listening.on(database);
      await bell.node.tell('ada', bell.board.joining('dave', { sales: 'member' }));
      await bell.node.tell('ada', bell.board.joining('carol', { sales: 'lead' }));
      const itemId = await bell.offered();
      if (when === 'after') await bell.follow();
      if (what === 'claims it') await bell.node.tell('dave', bell.node.claiming(itemId));
      else await bell.node.tell('carol', bell.assigning(itemId, 'dave'));
      await bell.follow();
      expect(bell.node.item(itemId).handoff).not.toBeNull();
      expect(await bell.heardBy('bob')).toEqual(['*act offered']);
      await bell.node.tell('bob', bell.node.accepting(itemId));
      await bell.follow();
      expect(await bell.heardBy('bob')).toEqual([]);
    },
  );

  it('B6: what is late is over with the offer, whatever is done with the item before the bell looks', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('dave', { legal: 'member' }));
    const itemId = await bell.offered();
    await bell.follow();
    await tellLimits(bell.board.db, bell.board.id, NOW_MS + 9 * HOUR_MS);
    expect(await bell.heardBy('alice')).toEqual(['*late stalled']);
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.node.tell('bob', bell.assigning(itemId, 'dave'));
    await bell.follow();
    expect(await bell.heardBy('alice')).toEqual([]);
  });

  it('B8: who watches hears the last of several things that happened before the bell looked', async () => {
    const bell = await Listening.on(database);
    await bell.node.tell('ada', bell.board.joining('vera', { legal: 'viewer' }));
    const itemId = await bell.offered();
    await bell.follow();
    await watch(bell.board.db, bell.overItem('vera', itemId));
    await bell.node.tell('bob', bell.node.accepting(itemId));
    await bell.node.tell('bob', bell.node.completing(itemId));
    await bell.follow();
    expect(await bell.heardBy('vera')).toEqual(['*watched completed']);
  });
});

describeOnPostgres('The bell on two nodes', (database, url) => {
  it('B43: nobody watches more than may be, however many are begun at once', async () => {
    const bell = await Listening.on(database);
    const { db, id: boardId } = bell.board;
    const outcomes = await Promise.all(
      Array.from({ length: WATCHED_SEAMS_MAX + 5 }, (_, n) => watch(db, bell.overSeam('vera', `seam-${n}`))),
    );
    expect(outcomes.filter((outcome) => outcome === 'tooMany')).toHaveLength(5);
    const rows = await db.selectFrom('seam_watcher').selectAll().where('board_id', '=', boardId).execute();
    expect(rows).toHaveLength(WATCHED_SEAMS_MAX);
  });

  it('B9: whoever is taken off the board while they begin to watch leaves no watching behind', async () => {
    const bell = await Listening.on(database);
    const { db, id: boardId, people } = bell.board;
    const removal = await db.startTransaction().execute();
    await removal
      .updateTable('membership')
      .set({ is_admin: false })
      .where('board_id', '=', boardId)
      .where('user_id', '=', people.vera)
      .execute();
    await removal
      .deleteFrom('team_role')
      .where('board_id', '=', boardId)
      .where('user_id', '=', people.vera)
      .execute();
    const begun = watch(db, bell.overSeam('vera', 'draft-to-review'));
    await expect
      .poll(async () => (await sql`select from pg_locks where not granted`.execute(db)).rows.length)
      .toBe(1);
    await removal.commit().execute();
    expect(await begun).toBe('notOnBoard');
    expect(await isWatching(db, bell.overSeam('vera', 'draft-to-review'))).toBe(false);
  });

  it('B20, B21: rings once, whichever node reads on', async () => {
    const bell = await Listening.on(database);
    const other = await openDatabase({ kind: 'postgres', url: url() });
    try {
      for (let round = 0; round < 10; round += 1) await bell.offered();
      await Promise.all([bell.follow(), followLog(other.db, bell.board.id), bell.follow()]);
      await bell.follow();
      expect(await bell.heardBy('bob')).toEqual(Array.from({ length: 10 }, () => '*act offered'));
      const late = bell.node.nowMs + 9 * HOUR_MS;
      await Promise.all([
        tellLimits(bell.board.db, bell.board.id, late),
        tellLimits(other.db, bell.board.id, late),
      ]);
      expect(await bell.heardBy('alice')).toEqual(Array.from({ length: 10 }, () => '*late stalled'));
    } finally {
      await other.close();
    }
  });
});

/** From now on an offer may wait so long. */
async function limitOffers({ db, workflow }: StoredBoard, gapLimitMs: number): Promise<void> {
  const limited = { ...workflow, seams: workflow.seams.map((seam) => ({ ...seam, gapLimitMs })) };
  await sql`update workflow_version set definition = ${jsonb(limited)} where workflow_id = ${workflow.id}`.execute(
    db,
  );
}

async function countDeliveries({ board }: Listening): Promise<{ rows: number; due: number }> {
  const rows = await board.db
    .selectFrom('delivery')
    .innerJoin('notification', 'notification.id', 'delivery.notification_id')
    .select('delivered_at')
    .where('board_id', '=', board.id)
    .execute();
  return { rows: rows.length, due: rows.filter((row) => row.delivered_at === null).length };
}
