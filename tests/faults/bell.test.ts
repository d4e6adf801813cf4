import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../server/persistence/database.ts';
import { claiming, creating, offering } from './asking.ts';
import type { FaultClient } from './fault-client.ts';
import { Fleet, SETTLED_MS_MAX } from './fleet.ts';

// The process is killed between a commit and the moment at which people are told of it, or in the middle of that.

const VERDICT = '"verdict":"accepted"';
/** Of what is written for bob and dora; the statement itself may be prepared, without a word in it. */
const TELLING = '"kind":"act"';

let fleet: Fleet;
let alice: FaultClient;
let open: OpenDatabase;

beforeAll(async () => {
  fleet = await Fleet.open(inject('postgresUrl'), 1);
  alice = await fleet.client('alice');
  open = await openDatabase({ kind: 'postgres', url: fleet.database.url });
});
afterAll(async () => {
  await open.close();
  await fleet.close();
});

/** alice offers an item of her own to Legal; gives its id. */
async function offer(): Promise<string> {
  const made = creating(alice);
  const claimed = claiming(made.itemId, { after: made.id });
  for (const command of [made, claimed, offering(made.itemId, { after: claimed.id })])
    await alice.ask(command);
  return made.itemId;
}

/** Who was told of the item, by name. */
async function told(itemId: string): Promise<string[]> {
  const rows = await open.db
    .selectFrom('notification')
    .innerJoin('user', 'user.id', 'notification.user_id')
    .select('user.name')
    .where('item_id', '=', itemId as never)
    .orderBy('user.name')
    .execute();
  return rows.map(({ name }) => name);
}

async function expectTold(itemId: string): Promise<void> {
  await vi.waitFor(async () => expect(await told(itemId)).toEqual(['bob', 'dora']), SETTLED_MS_MAX);
  await fleet.expectSettled();
  expect(await told(itemId)).toEqual(['bob', 'dora']);
}

test('I18: killed between a commit and the telling of it: the next process tells of it, once', async () => {
  await fleet.expectSettled();
  const decided = alice.line.once({ direction: 'toClient', pattern: VERDICT, then: 'hold' });
  const offered = offer();
  await decided;
  await fleet.node(0).kill();
  alice.line.reset();
  const itemId = await offered;
  await fleet.node(0).start();
  await expectTold(itemId);
});

test('I18: killed in the middle of the telling: the next process tells of it, once', async () => {
  await fleet.expectSettled();
  const node = fleet.node(0);
  const telling = node.database.once({ direction: 'toServer', pattern: TELLING, then: 'hold' });
  const itemId = await offer();
  await telling;
  await node.kill();
  await node.start();
  await expectTold(itemId);
});
