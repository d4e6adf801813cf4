import type { MiddlewareHandler } from 'hono';

/** A year. Without `includeSubDomains`: the neighbours under that name are not ours to decide for. */
const HSTS = 'max-age=31536000';

/** The page brings its own policy, by hash, in a meta tag; what such a tag cannot say is said here. */
const PAGE_POLICY = "frame-ancestors 'none'";
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Sets on every answer what a browser may not do with it. */
export function securityHeaders(isSecure: boolean): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const headers = c.res.headers;
    headers.set('Content-Security-Policy', isPage(headers) ? PAGE_POLICY : DATA_POLICY);
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('X-Frame-Options', 'DENY');
    headers.set('Referrer-Policy', 'no-referrer');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    if (isSecure) headers.set('Strict-Transport-Security', HSTS);
  };
}

function isPage(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('application/json') !== true;
}
