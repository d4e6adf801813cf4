/// <reference types="@sveltejs/kit" />
import { build, files as statics, version } from '$service-worker';

/**
 * Keeps the app's own files, so that it opens at once and without a network. It never answers for `/api` or `/sync`:
 * what is true is the server's to say, and what a browser may show without it lies in IndexedDB.
 */
const worker = globalThis as unknown as ServiceWorkerGlobalScope;

/** The part of the Static Routing API that is used here; not every browser has it. */
interface RoutingEvent extends ExtendableEvent {
  addRoutes?(rule: { condition: { urlPattern: URLPattern }; source: 'cache' }): Promise<void>;
}

const CACHE_PREFIX = 'baton-shell-';
const CACHE = `${CACHE_PREFIX}${version}`;
/** Any path that is not a file is answered with the one page; this one is asked for by nobody else. */
const PAGE = '/';
/** Files whose names change with their content. */
const HASHED = '/_app/immutable/';
const ASSETS: ReadonlySet<string> = new Set([...build, ...statics]);

worker.addEventListener('install', (event: RoutingEvent) => {
  event.waitUntil(fill());
  event.waitUntil(route(event));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const url = new URL(request.url);
  if (url.origin !== location.origin || isServers(url.pathname)) return;
  if (request.mode === 'navigate') event.respondWith(fromCache(PAGE, request));
  else if (ASSETS.has(url.pathname)) event.respondWith(fromCache(url.pathname, request));
  else if (url.pathname.startsWith(HASHED)) event.respondWith(fromAnyCache(url.pathname, request));
});

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache, or a new version could be made of files of the old one.
  const files = [...ASSETS].map((path) => new Request(path, { cache: 'reload' }));
  // The server gives the page only to who asks for one.
  const page = new Request(PAGE, { cache: 'reload', headers: { accept: 'text/html' } });
  await cache.addAll([page, ...files]);
  // All files of a version come from one cache, and a page that is open meanwhile still finds those of its own, so
  // there is nothing to wait for.
  await worker.skipWaiting();
}

/**
 * Where the browser can, it takes the program's files from the caches by itself: asking the worker for each of them is a
 * good part of what an opening takes. What is in none of them comes from the network, as `fromAnyCache` has it.
 */
async function route(event: RoutingEvent): Promise<void> {
  try {
    const urlPattern = new URLPattern({ pathname: `${HASHED}*` });
    await event.addRoutes?.({ condition: { urlPattern }, source: 'cache' });
  } catch {
    // Then the worker is asked for them.
    return;
  }
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  // In the order in which they were made. The last one is still asked by pages that were open meanwhile.
  const old = names.filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE).slice(0, -1);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** The page too: what it needs is in the same cache, so the two are always of one version. */
async function fromCache(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

/** A file of an older build, which the server may not have any more. */
async function fromAnyCache(path: string, request: Request): Promise<Response> {
  return (await caches.match(path, { ignoreVary: true })) ?? fetch(request);
}

function isServers(path: string): boolean {
  return path.startsWith('/api/') || path.startsWith('/sync/') || path === '/healthz';
}
