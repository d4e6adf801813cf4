import { Hono, type MiddlewareHandler } from 'hono';
import { isFromOwnSite } from './auth/trusted-origin.ts';
import { AppError } from './errors.ts';
import type { AppDeps } from './http/app-deps.ts';
import { createArchiveRoutes } from './http/archive.ts';
import { createBoardPastRoutes } from './http/board-past.ts';
import { createBoardRoutes } from './http/boards.ts';
import { createCommandRoutes } from './http/commands.ts';
import { createBoardDisplayRoutes, createDisplayRoutes } from './http/displays.ts';
import { createHealthRoutes } from './http/health.ts';
import { createHoursRoutes } from './http/hours.ts';
import { createInviteRoutes } from './http/invites.ts';
import { createItemDocumentRoutes } from './http/item-documents.ts';
import { createItemLogRoutes } from './http/item-log.ts';
import { createItemRoutes } from './http/items.ts';
import { createNotificationRoutes } from './http/notifications.ts';
import { createPeopleRoutes } from './http/people.ts';
import { limitRequestsAtOnce } from './http/requests-at-once.ts';
import { respondToError } from './http/respond.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createSearchRoutes } from './http/search.ts';
import { createSessionRoutes } from './http/session.ts';
import { createSetupRoutes } from './http/setup.ts';
import { serveFiles } from './http/static.ts';
import { createItemWatchRoutes, createSeamWatchRoutes } from './http/watching.ts';
import type { StaticFiles } from './http/static-files.ts';
import { createStalledRoutes } from './http/stalled.ts';
import { createTemplateRoutes } from './http/templates.ts';

export interface AppParts {
  /** Mounted at `/sync`. */
  readonly syncRoutes: Hono;
  /** The built browser part. */
  readonly files: StaticFiles;
}

/** The whole server as one function from request to response: files, API and sockets, on no port yet. */
export function createApp(deps: AppDeps, { syncRoutes, files }: AppParts): Hono {
  const app = new Hono();
  app.onError((error, c) => respondToError(error, c, deps.logger));
  app.use(securityHeaders(deps.origin.isSecure));
  app.use('/api/*', noStore);
  app.use('/healthz', noStore);
  app.use(refuseOtherSites(deps));
  const atOnce = limitRequestsAtOnce(deps.origin);
  app.use('/api/*', atOnce);
  app.use('/healthz', atOnce);

  app.route('/api/v1/session', createSessionRoutes(deps));
  app.route('/api/v1/setup', createSetupRoutes(deps));
  app.route('/api/v1/templates', createTemplateRoutes(deps));
  app.route('/api/v1/boards', createBoardRoutes(deps));
  app.route('/api/v1/boards', createPeopleRoutes(deps));
  app.route('/api/v1/boards', createHoursRoutes(deps));
  app.route('/api/v1/boards', createCommandRoutes(deps));
  app.route('/api/v1/boards', createItemDocumentRoutes(deps));
  app.route('/api/v1/boards', createSearchRoutes(deps));
  app.route('/api/v1/boards', createBoardDisplayRoutes(deps));
  app.route('/api/v1/displays', createDisplayRoutes(deps));
  app.route('/api/v1/boards', createNotificationRoutes(deps));
  app.route('/api/v1/invites', createInviteRoutes(deps));
  app.route('/api/v1/boards', createArchiveRoutes(deps));
  app.route('/api/v1/boards', createBoardPastRoutes(deps));
  app.route('/api/v1/boards', createStalledRoutes(deps));
  app.route('/api/v1/boards', createSeamWatchRoutes(deps));
  app.route('/api/v1/items', createItemRoutes(deps));
  app.route('/api/v1/items', createItemLogRoutes(deps));
  app.route('/api/v1/items', createItemWatchRoutes(deps));
  app.route('/healthz', createHealthRoutes(deps));
  app.route('/sync', syncRoutes);
  app.use(serveFiles(files));
  app.notFound((c) => respondToError(new AppError('notFound'), c, deps.logger));
  return app;
}

const noStore: MiddlewareHandler = async (c, next) => {
  // Before the route, so that it also stands on the answer to an error.
  c.header('Cache-Control', 'no-store');
  await next();
};

function refuseOtherSites({ origin }: AppDeps): MiddlewareHandler {
  return async (c, next) => {
    const source = {
      method: c.req.method,
      origin: c.req.header('origin'),
      secFetchSite: c.req.header('sec-fetch-site'),
    };
    if (!isFromOwnSite(source, origin.accepted)) throw new AppError('foreignOrigin');
    await next();
  };
}
