import type { Seeded } from '../convergence/seeded.ts';
import type { BatonNode } from './baton-node.ts';
import type { FaultClient } from './fault-client.ts';
import type { Fleet } from './fleet.ts';

/** One fault, from its beginning to its end; what it says goes into the schedule that a failed run prints. */
interface Fault {
  readonly name: string;
  readonly inflict: (scene: Scene) => Promise<string>;
}

interface Scene {
  readonly fleet: Fleet;
  readonly node: BatonNode;
  readonly client: FaultClient;
  readonly random: Seeded;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'kill',
    inflict: async ({ node }) => {
      await node.kill();
      await node.start();
      return 'killed and started';
    },
  },
  {
    name: 'killAtCommit',
    inflict: async ({ node, random }) => {
      const pattern = random.pick(['START TRANSACTION\0', 'COMMIT\0']);
      const held = node.database.once({ direction: 'toClient', pattern, then: 'hold' });
      await orSoon(held);
      await node.kill();
      node.database.heal();
      await node.start();
      return `killed at ${JSON.stringify(pattern)}`;
    },
  },
  {
    name: 'killBeforeVerdict',
    inflict: async ({ node, client }) => {
      const held = client.line.once({ direction: 'toClient', pattern: '"verdict":', then: 'hold' });
      await orSoon(held);
      await node.kill();
      client.line.heal();
      client.line.reset();
      await node.start();
      return `killed before ${client.account.name} heard`;
    },
  },
  {
    name: 'terminate',
    inflict: async ({ node }) => {
      const { code, tookMs } = await node.terminate();
      if (code !== 0 || tookMs > 10_000)
        throw new Error(`SIGTERM ended with ${String(code)} in ${String(tookMs)} ms.`);
      await node.start();
      return 'stopped and started';
    },
  },
  {
    name: 'freeze',
    inflict: async ({ node, random }) => {
      const ms = 200 + random.below(1_500);
      node.freeze();
      await pause(ms);
      node.thaw();
      return `frozen for ${String(ms)} ms`;
    },
  },
  {
    name: 'resetDatabase',
    inflict: async ({ node }) => {
      node.database.reset();
      return 'lost its lines to Postgres';
    },
  },
  {
    name: 'loseCommit',
    inflict: async ({ node }) => {
      await orSoon(node.database.once({ direction: 'toClient', pattern: 'COMMIT\0', then: 'cut' }));
      node.database.heal();
      return 'lost the answer of a COMMIT';
    },
  },
  {
    name: 'cutDatabase',
    inflict: async ({ node, random }) => {
      const ms = 100 + random.below(1_500);
      node.database.cut();
      await pause(ms);
      node.database.heal();
      return `without a database for ${String(ms)} ms`;
    },
  },
  {
    name: 'resetLine',
    inflict: async ({ client }) => {
      client.line.reset();
      return `${client.account.name} was reset`;
    },
  },
  {
    name: 'truncateLine',
    inflict: async ({ client, random }) => {
      const direction = random.pick(['toServer', 'toClient'] as const);
      await orSoon(client.line.once({ direction, pattern: '', then: 'truncate' }));
      return `${client.account.name} was cut in a frame ${direction}`;
    },
  },
  {
    name: 'moveLine',
    inflict: async ({ fleet, client, random }) => {
      client.line.serverPort = random.pick(fleet.nodes).port;
      client.line.reset();
      return `${client.account.name} was led to port ${String(client.line.serverPort)}`;
    },
  },
  {
    name: 'badLine',
    inflict: async ({ client, random }) => {
      if (random.percent(50)) client.line.slice(1);
      else client.line.slow(8_000 + random.below(30_000));
      client.line.reset();
      await pause(500 + random.below(1_000));
      client.line.heal();
      return `${client.account.name} had a slow line`;
    },
  },
];

export interface Inflicted {
  readonly name: string;
  readonly what: string;
}

/** Every kind of fault once, in an order that the seed gives, and then at random until the time is over. */
export async function inflict(fleet: Fleet, random: Seeded, isOver: () => boolean): Promise<Inflicted[]> {
  const inflicted: Inflicted[] = [];
  const queue = [...FAULTS].sort(() => random.next() - 0.5);
  while (queue.length > 0 || !isOver()) {
    const fault = queue.shift() ?? random.pick(FAULTS);
    const scene = { fleet, node: random.pick(fleet.nodes), client: random.pick(fleet.clients), random };
    inflicted.push({ name: fault.name, what: await fault.inflict(scene) });
    await pause(random.below(250));
  }
  return inflicted;
}

export const FAULT_KINDS = FAULTS.length;

/** What is waited for may not come: nobody happens to ask for anything at this node. */
async function orSoon(happened: Promise<void>): Promise<void> {
  await Promise.race([happened, pause(1_500)]);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
