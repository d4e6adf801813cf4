import type { Page } from '@playwright/test';

/** What a browser may do to the storage of a page, without asking. */

/** As with blocked site data, from the next load on: every try to open a database throws. */
export async function refuseIndexedDb(page: Page): Promise<void> {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError');
    };
  });
}

/**
 * As on a disk without room: whatever would be added is turned down. Chromium's own `Storage.overrideQuotaForOrigin`
 * does not reach the databases of a context that leaves nothing behind.
 */
export async function fillUp(page: Page): Promise<void> {
  await page.evaluate(() => {
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('Encountered full disk while committing transaction.', 'QuotaExceededError');
    };
  });
}

/** As under storage pressure, or by "Clear site data": the databases are gone, while they are open. */
export async function evict(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
}

/** From the next load on, what is written to the outbox stays on its way until the answer is called. */
export async function delayOutbox(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const shared = globalThis as typeof globalThis & { isDiskSlow?: boolean };
    shared.isDiskSlow = true;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its store below
    const { add } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...given) {
      // A transaction ends when nothing more is asked of it.
      const ask = () => {
        if (shared.isDiskSlow) this.count().onsuccess = ask;
      };
      ask();
      return add.apply(this, given);
    };
  });
  return async () => {
    await page.evaluate(() => {
      (globalThis as typeof globalThis & { isDiskSlow?: boolean }).isDiskSlow = false;
    });
  };
}
