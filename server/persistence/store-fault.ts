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

/** SQLSTATE classes, Postgres appendix A: connection exception, operator intervention. */
const CONNECTION_CLASSES = /^(08|57P)/;

/** Insufficient resources (a full disk among them), system error, and what is read only after a failover or by a quota. */
const UNABLE_CLASSES = /^(53|58|25006)/;

/**
 * Where in its source Postgres asks the kernel to store something. It has no code for most of what the kernel may say
 * (a quota, a limit on files), and calls it an internal error; the text is in the language of the server.
 */
const STORAGE_SOURCES = new Set(['md.c', 'fd.c', 'xlog.c', 'slru.c']);
const INTERNAL_ERROR = 'XX000';

/** Whether an error of the database means that it cannot be reached or cannot go on, rather than that we asked wrongly. */
export function isStoreDown(error: unknown): boolean {
  const code = codeOf(error);
  return CONNECTION_CODES.has(code) || CONNECTION_CLASSES.test(code) || isUnableToSave(error);
}

/** Whether the database answers and cannot store, whatever it is given: its disk is full, or it may only be read. */
export function isUnableToSave(error: unknown): boolean {
  const code = codeOf(error);
  return UNABLE_CLASSES.test(code) || (code === INTERNAL_ERROR && STORAGE_SOURCES.has(sourceOf(error)));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function sourceOf(error: unknown): string {
  return error instanceof Error && 'file' in error && typeof error.file === 'string' ? error.file : '';
}
