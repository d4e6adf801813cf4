/**
 * Where to go after signing in: a path of this site, else the start page. Anything that a browser would read as another
 * site (`//evil.example`, `/\evil.example`, `https:…`) is not followed.
 */
export function ownPath(next: string | null, origin: string): string {
  if (next === null || !next.startsWith('/')) return '/';
  try {
    const url = new URL(next, origin);
    return url.origin === origin ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}
