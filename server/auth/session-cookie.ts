import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { parse } from 'hono/utils/cookie';

/**
 * The cookie that carries the session token. Over https its name begins with `__Host-`, which makes browsers refuse it
 * from a neighbouring subdomain; on plain loopback http that prefix is not to be had. There the name carries the port:
 * cookies do not tell ports apart, and two of our servers on one machine would sign each other's people out.
 */
export class SessionCookie {
  readonly #isSecure: boolean;
  readonly name: string;

  /** `use`: a display has a cookie of its own, so that one browser may be a display and have somebody signed in. */
  constructor(
    { url, isSecure }: { readonly url: string; readonly isSecure: boolean },
    use: 'session' | 'display' = 'session',
  ) {
    this.#isSecure = isSecure;
    const secureName = use === 'session' ? '__Host-baton' : '__Host-baton-display';
    this.name = isSecure ? secureName : `baton_${use}_${portOf(url)}`;
  }

  /** The token in a Cookie header. Hono's parser, because Lucia's throws on a stray `%` in anybody's cookie. */
  read(header: string | null | undefined): string | null {
    return parse(header ?? '', this.name)[this.name] ?? null;
  }

  /** Kept for the longest that a session may last: when it really ends is the server's to say. */
  set(c: Context, token: string, maxAgeMs: number): void {
    setCookie(c, this.name, token, { ...this.#attributes, maxAge: Math.floor(maxAgeMs / 1000) });
  }

  clear(c: Context): void {
    deleteCookie(c, this.name, this.#attributes);
  }

  get #attributes() {
    return { path: '/', httpOnly: true, sameSite: 'Lax', secure: this.#isSecure } as const;
  }
}

/** A URL leaves its scheme's own port out. */
function portOf(url: string): string {
  return new URL(url).port || '80';
}
