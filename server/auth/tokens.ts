import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, as 43 characters that may stand in a cookie or a link. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is stored of a token. A plain SHA-256 will do, unlike for passwords: nobody guesses 256 random bits, and the
 * hash must be the same each time so that it can be looked up.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('base64url');
}
