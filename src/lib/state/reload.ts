const UPDATE_TIMEOUT_MS = 8_000;

/**
 * Loads the page anew in the server's version. A plain reload would be answered by the old service worker with the old
 * page, so the new one is fetched and given the time to take over first.
 */
export async function reloadUpdated(): Promise<void> {
  await updateWorker();
  location.reload();
}

async function updateWorker(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.update();
    const next = registration?.installing ?? registration?.waiting;
    if (next) await activated(next);
  } catch {
    // No worker, or the server is away: the reload shows what there is.
    return;
  }
}

function activated(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker.state === 'activated' || worker.state === 'redundant') resolve();
    };
    worker.addEventListener('statechange', look);
    setTimeout(resolve, UPDATE_TIMEOUT_MS);
    look();
  });
}
