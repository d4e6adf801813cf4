const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The headers by which a browser says where a request comes from; a page cannot set them. */
export interface RequestSource {
  readonly method: string;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
}

/**
 * Whether a request may change something: another site can make a browser send our cookie, but not these headers.
 * An Origin that is there decides alone, because `same-origin` alone would also be true for a foreign name that was
 * made to point at this server.
 */
export function isFromOwnSite(source: RequestSource, acceptedOrigins: ReadonlySet<string>): boolean {
  if (READING_METHODS.has(source.method)) return true;
  if (source.origin !== undefined) return acceptedOrigins.has(source.origin);
  return source.secFetchSite === 'same-origin';
}
