/** How postgres.js and Node name a connection that is not there. */
const CONNECTION_CODES = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** SQLSTATE classes, Postgres appendix A: connection exception, insufficient resources, operator intervention. */
const CONNECTION_CLASSES = /^(08|53|57P)/;

/** Whether an error of the database means that it cannot be reached or cannot go on, rather than that we asked wrongly. */
export function isStoreDown(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return CONNECTION_CODES.has(error.code) || CONNECTION_CLASSES.test(error.code);
}
