/** One person's session at the HTTP API, as a browser would hold it. */
export class ApiClient {
  readonly origin: string;
  /** The Cookie header; empty: nobody is signed in. */
  cookie = '';

  constructor(origin: string) {
    this.origin = origin;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#ask('GET', path);
  }

  post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.#ask('POST', path, JSON.stringify(body));
  }

  /** Throws where the server says no: then the demo is wrong, and not a person of it. */
  async #ask<Answer>(method: string, path: string, body?: string): Promise<Answer> {
    const response = await fetch(this.origin + path, {
      method,
      headers: { origin: this.origin, cookie: this.cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    for (const cookie of response.headers.getSetCookie()) this.cookie = cookie.split(';')[0] ?? '';
    return (text === '' ? null : JSON.parse(text)) as Answer;
  }
}
