import type { CommandId } from '#lib/workflow/ids.ts';
import type { CommandRow } from '../../../server/persistence/command-batch.ts';
import { InvariantBroken } from './broken.ts';
import type { SimulatedBrowser } from './browser.ts';

/** Commands of one browser are decided in the order in which its person gave them. */
export class OrderAudit {
  readonly #browsers: readonly SimulatedBrowser[];
  readonly #last = new Map<SimulatedBrowser, number>();

  constructor(browsers: readonly SimulatedBrowser[]) {
    this.#browsers = browsers;
  }

  check(decided: readonly CommandRow[]): void {
    for (const { id } of decided) {
      for (const browser of this.#browsers) this.#checkOne(browser, id);
    }
  }

  #checkOne(browser: SimulatedBrowser, id: CommandId): void {
    const index = browser.issued.findIndex(({ command }) => command.id === id);
    if (index < 0) return;
    const last = this.#last.get(browser) ?? -1;
    if (index < last)
      throw new InvariantBroken('I8', `Commands of ${browser.user.name} were decided out of order.`, [
        last,
        index,
      ]);
    this.#last.set(browser, index);
  }
}
