import type { Page } from '@playwright/test';
import type { VerdictMessage } from '#lib/protocol/messages.ts';
import { placeOf } from '#lib/workflow/place.ts';
import type { Item } from '#lib/workflow/state.ts';
import type { WorkflowId } from '#lib/workflow/ids.ts';
import {
  addItem,
  column,
  isAllSent,
  isCutOff,
  isLedByWorker,
  isLive,
  move,
  shownCards,
} from './support/board-hands.ts';
import { ApiItem, REVIEW_FACTS, workflowIdOf, type IssuedCommand } from './support/onboarding.ts';
import { brokenPromises, readStoredRows } from './support/stored-rows.ts';
import { overhear, Told } from './support/told.ts';
import { card, expect, test as base, Workspace, type Person } from './support/workspace.ts';

/** On the embedded database: a node that dies on a Postgres is looked at in `tests/faults`. */
const test = base.extend<{ workspace: Workspace }>({
  workspace: async ({ browser }, use) => {
    const workspace = await Workspace.open(browser, { isEmbedded: true });
    await use(workspace);
    await workspace.close();
  },
});

// A dialog that was not opened yet comes from what the browser keeps.
test.use({ serviceWorkers: 'allow' });

/** After so many answers of a burst of about thirty the server dies: in its first, its middle and its last part. */
const KILL_AFTER_ANSWERS = [3, 12, 22, 7];

test('kill -9 in the middle of the work, again and again: nothing is lost and nothing is there twice', async ({
  workspace,
}) => {
  test.setTimeout(300_000);
  const alice = await workspace.person('Alice', 'Sales');
  const bob = await workspace.person('Bob', 'Legal');
  const pages = [alice.page, bob.page];
  const api = new StubbornClient(workspace);
  const tolds = [overhear(alice.page), overhear(bob.page), api.told];
  const workflowId = await workflowIdOf(workspace, alice);
  for (const page of pages) {
    await page.reload();
    await isLive(page);
    await isLedByWorker(page);
  }

  for (const [round, answers] of KILL_AFTER_ANSWERS.entries()) {
    const names = await prepare(round);

    await test.step(`round ${round + 1}: killed after ${answers} answers`, async () => {
      const unansweredBefore = api.unanswered;
      const killed = api.answersFromNow(answers).then(async () => {
        api.serverIsDown();
        await workspace.server.kill();
      });
      const machines = apiBurst(api, { alice, bob, workflowId, round });
      // Awaited below; a burst that fails meanwhile must not end the process.
      machines.catch(() => undefined);
      const byHand = Promise.all([
        addItem(alice.page, ...names.typed).then(() =>
          move(alice.page, card(alice.page, names.toOffer), 'Hand to Legal'),
        ),
        card(bob.page, names.toAccept)
          .getByRole('button', { name: /^Accept / })
          .click(),
      ]);
      await Promise.all([killed, byHand]);

      const rows = await readStoredRows(workspace.server);
      expect(brokenPromises(rows, tolds)).toEqual([]);

      for (const page of pages) await isCutOff(page);
      await addItem(alice.page, names.typedWhileDown);
      await returnToSales(bob.page, names.toReturnWhileDown);
      await expect(card(alice.page, names.typedWhileDown)).toContainText('Not sent yet');
      await expect(card(bob.page, names.toReturnWhileDown)).toContainText('Not sent yet');

      await workspace.server.startAgain();
      api.serverIsBack();
      await machines;
      expect(api.unanswered).toBeGreaterThan(unansweredBefore);
      for (const page of pages) {
        await isLive(page);
        await isAllSent(page);
      }
      await expect(column(bob.page, 'Working, Sales')).toContainText(names.typedWhileDown);
      await expect(column(alice.page, 'Working, Sales')).toContainText(names.toReturnWhileDown);
      await expect(column(alice.page, 'Incoming, Legal')).toContainText(names.toOffer);
      await expect(column(alice.page, 'Working, Legal')).toContainText(names.toAccept);
    });
  }

  await test.step('every verdict is in the rows, every item once, and both screens show the rows', async () => {
    await workspace.server.stop();
    const rows = await readStoredRows(workspace.server);
    await workspace.server.startAgain();
    expect(brokenPromises(rows, tolds)).toEqual([]);
    const decided = new Set(rows.commands.map(({ id }) => id));
    const sent = new Set(tolds.flatMap((told) => told.sent.map(({ id }) => id)));
    expect([...sent].filter((id) => !decided.has(id))).toEqual([]);
    expect(rows.commands.filter(({ refusal }) => refusal !== null)).toEqual([]);
    const titles = rows.items.map(({ facts }) => facts.title);
    expect(titles.toSorted()).toEqual([...new Set(titles)].toSorted());
    expect(titles).toHaveLength(1 + KILL_AFTER_ANSWERS.length * ITEMS_A_ROUND);
    for (const person of [alice, bob]) {
      await isLive(person.page);
      const expected = await expectedCards(workspace, person, rows.items);
      await expect.poll(async () => await shownCards(person.page)).toEqual(expected);
    }
  });

  /** What the two will work on by hand: two offers for bob, one item for alice to offer. */
  async function prepare(round: number) {
    const names = {
      toAccept: `Accepted in the burst ${round}`,
      toReturnWhileDown: `Returned while down ${round}`,
      toOffer: `Offered in the burst ${round}`,
      typed: [1, 2, 3].map((number) => `Typed in the burst ${round}.${number}`),
      typedWhileDown: `Typed while down ${round}`,
    };
    for (const title of [names.toAccept, names.toReturnWhileDown, names.toOffer]) {
      const item = new ApiItem(api.send);
      await item.create(alice, workflowId, { ...REVIEW_FACTS, title });
      await item.claim(alice);
      if (title !== names.toOffer) await item.offer(alice, 'handover-to-contract-review');
    }
    for (const page of pages) {
      await expect(column(page, 'Incoming, Legal')).toContainText(names.toReturnWhileDown);
      await expect(column(page, 'Working, Sales')).toContainText(names.toOffer);
    }
    return names;
  }
});

const CHAINS = 5;
const ITEMS_A_ROUND = 3 + 3 + 1 + CHAINS;

/** Five items at the same time, each command as soon as the one before it is answered. */
async function apiBurst(
  api: StubbornClient,
  given: { alice: Person; bob: Person; workflowId: WorkflowId; round: number },
): Promise<void> {
  const { alice, bob, workflowId, round } = given;
  const chain = async (_: unknown, index: number) => {
    const item = new ApiItem(api.send);
    await item.create(alice, workflowId, { ...REVIEW_FACTS, title: `By machine ${round}.${index}` });
    await item.claim(alice);
    await item.offer(alice, 'handover-to-contract-review');
    await item.return(bob, 'old-draft');
    await item.offer(alice, 'handover-to-contract-review');
    // Legal has room for six only, so what it accepts it gives back.
    if (index > 0) return;
    await item.accept(bob);
    await item.offer(bob, 'contract-review-to-signature', {
      approvedContract: 'https://files.example.com/approved',
    });
    await item.accept(alice);
  };
  await Promise.all(Array.from({ length: CHAINS }, chain));
}

/** A client of the API that sends a command again, with the same id, until it has its verdict. */
class StubbornClient {
  readonly told = new Told();
  /** How many requests the crashes have cut short. */
  unanswered = 0;
  readonly #workspace: Workspace;
  #outage: Outage | null = null;
  #waiting: { answers: number; resolve: () => void } | null = null;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  answersFromNow(answers: number): Promise<void> {
    return new Promise((resolve) => (this.#waiting = { answers, resolve }));
  }

  serverIsDown(): void {
    this.#outage = { ...Promise.withResolvers<undefined>(), isOver: false };
  }

  serverIsBack(): void {
    if (!this.#outage) return;
    this.#outage.isOver = true;
    this.#outage.resolve(undefined);
  }

  readonly send = async (person: Person, command: IssuedCommand): Promise<VerdictMessage> => {
    for (;;) {
      const outageBefore = this.#outage;
      try {
        const verdict = await this.#workspace.command(person, command);
        this.told.hear(verdict);
        this.#count();
        return verdict;
      } catch (error) {
        // Whether it was done nobody knows; but a server that has not been away meanwhile has no excuse.
        const outage = this.#outage;
        if (!outage || (outage === outageBefore && outage.isOver)) throw error;
        this.unanswered += 1;
        await outage.promise;
      }
    }
  };

  #count(): void {
    if (!this.#waiting) return;
    this.#waiting.answers -= 1;
    if (this.#waiting.answers === 0) this.#waiting.resolve();
  }
}

interface Outage {
  readonly promise: Promise<undefined>;
  readonly resolve: (value: undefined) => void;
  isOver: boolean;
}

async function returnToSales(page: Page, title: string): Promise<void> {
  await card(page, title)
    .getByRole('button', { name: /^Return / })
    .click();
  const dialog = page.getByRole('dialog', { name: /^Return / });
  await dialog.getByText('Information missing').click();
  await dialog.getByRole('button', { name: 'Return to Sales' }).click();
}

/** What this person's screen should say of the rows; as `shownCards` says what it does say. */
async function expectedCards(
  workspace: Workspace,
  person: Person,
  items: readonly Item[],
): Promise<string[]> {
  const teamNames = new Map(Object.entries(workspace.teams).map(([name, id]) => [id, name]));
  const people = await workspace.admin.get<{ people: { id: string; name: string }[] }>(
    `/api/v1/boards/${workspace.boardId}/people`,
  );
  const nameOf = (id: string | null) => {
    const name = people.body.people.find((one) => one.id === id)?.name ?? 'Unclaimed';
    return name === person.name ? 'You' : name;
  };
  const columns = { incoming: 'Incoming', working: 'Working', waiting: 'Waiting' } as const;
  const lines = items.map((item) => {
    const place = placeOf(item);
    const list = place && `${columns[place.column]}, ${teamNames.get(place.teamId)}`;
    return [item.key, item.facts.title, list, nameOf(item.ownerId)].join(' | ');
  });
  return lines.sort();
}
