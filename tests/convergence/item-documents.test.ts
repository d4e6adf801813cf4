import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { ItemId } from '#lib/workflow/ids.ts';
import { ItemDocumentStore } from '../../server/persistence/item-document-store.ts';
import type { PersonName } from '../contract/contract-board.ts';
import { waitUntil } from '../integration/sync/clients.ts';
import { Stage, type Scene } from '../integration/sync/stage.ts';
import { Seeded } from './seeded.ts';

// In the style of Yjs's own random tests: several clients, random changes of every kind that there is, connections that
// come and go in a random order, then quiet; and all must be equal. Only that the server in the middle checks and stores.
const stage = new Stage();
const STEPS = 150;
const WORDS = ['a', 'customer ', 'May', '\n', '🙂', 'They want to start. ', 'ä'];

type Client = ReturnType<Scene['stock']> & { readonly name: PersonName };
type Change = (doc: Y.Doc, random: Seeded) => void;

const CHANGES: Readonly<Record<string, Change>> = {
  insertText: (doc, random) => {
    const text = doc.getText('description');
    text.insert(random.below(text.length + 1), random.pick(WORDS));
  },
  deleteText: (doc, random) => {
    const text = doc.getText('description');
    const from = random.below(text.length + 1);
    text.delete(from, Math.min(random.below(8), text.length - from));
  },
  replaceText: (doc, random) => {
    const text = doc.getText('description');
    const from = random.below(text.length + 1);
    doc.transact(() => {
      text.delete(from, Math.min(3, text.length - from));
      text.insert(from, random.pick(WORDS));
    });
  },
  setFact: (doc, random) => {
    const value = random.pick<string | number | boolean>(['Acme Ltd', 'x', 12, -1.5, true]);
    doc.getMap('facts').set(random.pick(['company', 'seats', 'plan']), value);
  },
  deleteFact: (doc, random) => doc.getMap('facts').delete(random.pick(['company', 'seats', 'plan'])),
  addEntry: (doc, random) => {
    const list = doc.getArray<Y.Map<unknown>>('checklist');
    const entry = new Y.Map<unknown>([['text', random.pick(WORDS)]]);
    list.insert(random.below(list.length + 1), [entry]);
  },
  changeEntry: (doc, random) => {
    const list = doc.getArray<Y.Map<unknown>>('checklist');
    if (list.length > 0) list.get(random.below(list.length)).set('done', random.percent(50));
  },
  deleteEntry: (doc, random) => {
    const list = doc.getArray('checklist');
    if (list.length > 0) list.delete(random.below(list.length));
  },
};

function contentOf(doc: Y.Doc) {
  return {
    facts: doc.getMap('facts').toJSON() as unknown,
    description: doc.getText('description').toDelta() as unknown,
    checklist: doc.getArray('checklist').toJSON() as unknown,
  };
}

const total = { disconnects: 0, concurrent: 0, kinds: new Set<string>() };

async function itemOf(scene: Scene): Promise<ItemId> {
  const node = await scene.node();
  const created = node.creating();
  const actorId = scene.board.people.alice;
  await scene.server.rooms.submit(scene.board.id, { command: created, actorId });
  return created.itemId;
}

async function storedDocument(scene: Scene, itemId: ItemId): Promise<Y.Doc> {
  const doc = new Y.Doc({ gc: false });
  const { updates } = await new ItemDocumentStore(scene.board.db).load(itemId);
  for (const { update } of updates) Y.applyUpdate(doc, update);
  return doc;
}

/** Several people change it at once: changed, while others who have not seen that have changed it too. */
function change(client: Client, clients: readonly Client[], random: Seeded): void {
  const [kind, apply] = random.pick(Object.entries(CHANGES));
  const others = clients.filter((other) => other !== client);
  const before = Y.encodeStateVector(client.doc);
  client.doc.transact(() => apply(client.doc, random));
  total.kinds.add(kind);
  const unseen = others.some((other) => {
    const known = Y.decodeStateVector(before);
    const theirs = other.doc.clientID;
    return Y.getState(other.doc.store, theirs) > (known.get(theirs) ?? 0);
  });
  if (unseen) total.concurrent += 1;
}

test.each(Array.from({ length: 6 }, (_, index) => 20_261_123 + index))(
  'S60, S72: seed %i: stock clients that change a document at once, and come and go, end equal to what is stored',
  { timeout: 60_000 },
  async (seed) => {
    const random = new Seeded(seed);
    const scene = await stage.board();
    const itemId = await itemOf(scene);
    const names = ['alice', 'bob', 'carol', 'dave', 'alice'] as const;
    const clients: Client[] = names.map((name) => {
      // As the browser has it; the client id too follows from the seed, and decides who wins.
      const doc = new Y.Doc({ gc: false });
      doc.clientID = 1 + random.below(0xffff_fffe);
      return { ...scene.stock(name, `item/${itemId}`, doc), name };
    });
    await waitUntil(() => clients.every(({ provider }) => provider.synced));

    for (let step = 0; step < STEPS; step += 1) {
      const client = random.pick(clients);
      const { provider } = client;
      if (random.percent(8) && provider.shouldConnect) {
        provider.disconnect();
        total.disconnects += 1;
      } else if (random.percent(12) && !provider.shouldConnect) provider.connect();
      else if (random.percent(15)) await new Promise((resolve) => setTimeout(resolve, random.below(4)));
      else change(client, clients, random);
    }

    for (const { provider } of clients) if (!provider.shouldConnect) provider.connect();
    const isQuiet = () =>
      clients.every(({ provider, doc }) => {
        const first = clients[0]?.doc ?? doc;
        return provider.synced && Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(first));
      });
    await waitUntil(isQuiet, () =>
      JSON.stringify(clients.map(({ closed, doc }) => [closed, contentOf(doc)])),
    );
    const late = await scene.join('vera', scene.itemUrl(itemId));
    const stored = await storedDocument(scene, itemId);
    const [first] = clients;
    for (const doc of [...clients.map((client) => client.doc), late.doc, stored]) {
      expect(contentOf(doc)).toEqual(first && contentOf(first.doc));
      expect(doc.store.pendingStructs).toBeNull();
      expect(doc.store.pendingDs).toBeNull();
    }
    expect(clients.flatMap(({ closed }) => closed)).toEqual([]);
  },
);

test('the seeds together did something: every kind of change, connections that were lost, changes made at once', () => {
  expect([...total.kinds].sort()).toEqual(Object.keys(CHANGES).sort());
  expect(total.disconnects).toBeGreaterThan(20);
  expect(total.concurrent).toBeGreaterThan(200);
});
