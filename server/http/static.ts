import type { Context, MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { Encoding, StaticFile, StaticFiles } from './static-files.ts';

/** Names that belong to the server: the app's page never answers there, so that a mistyped call is not a page. */
const SERVER_PATHS = /^\/(api|sync|healthz)(\/|$)/;

/**
 * Serves the built files, and the app's page for every other address that somebody navigates to. Anything else, such as
 * a script of an older build, is a 404: a page in its place would be run as a script.
 */
export function serveFiles(files: StaticFiles): MiddlewareHandler {
  return async (c, next) => {
    if (!['GET', 'HEAD'].includes(c.req.method) || SERVER_PATHS.test(c.req.path)) return next();
    const file = files.get(c.req.path) ?? (isNavigation(c) ? fallback(files) : null);
    if (file === null) throw new AppError('notFound');
    return respondWithFile(c, file);
  };
}

function isNavigation(c: Context): boolean {
  return c.req.header('accept')?.includes('text/html') === true;
}

function fallback(files: StaticFiles): StaticFile {
  if (files.fallback === null) throw new AppError('notBuilt');
  return files.fallback;
}

async function respondWithFile(c: Context, file: StaticFile): Promise<Response> {
  const encoding = chooseEncoding(c.req.header('accept-encoding') ?? '', file.encodings);
  const tag = `"${file.hash}-${encoding}"`;
  c.header('ETag', tag);
  c.header('Cache-Control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (file.encodings.length > 0) c.header('Vary', 'Accept-Encoding');
  if (c.req.header('if-none-match') === tag) return c.body(null, 304);
  if (encoding !== 'identity') c.header('Content-Encoding', encoding);
  c.header('Content-Type', file.type);
  return c.body(await file.bytes(encoding));
}

function chooseEncoding(accepted: string, offered: readonly Encoding[]): Encoding {
  const names = accepted.split(',').filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part));
  const isAccepted = (encoding: Encoding) => names.some((part) => part.split(';')[0]?.trim() === encoding);
  return offered.find(isAccepted) ?? 'identity';
}
