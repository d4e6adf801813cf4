export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; null where it has no body. */
  readonly body: Body;
}

type Send = (path: string, init: RequestInit) => Response | Promise<Response>;

/** As much of a browser as the API can tell: it keeps its cookie and says where a request comes from. */
export class Browser {
  readonly #send: Send;
  readonly #origin: string;
  /** The Cookie header, as `name=value`; empty: none. */
  cookie = '';
  /** Set-Cookie of the last answer that had one. */
  setCookie = '';

  constructor(send: Send, origin: string) {
    this.#send = send;
    this.#origin = origin;
  }

  get token(): string {
    return this.cookie.split('=')[1] ?? '';
  }

  get<Body = unknown>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.request('GET', path, { headers });
  }

  post<Body = unknown>(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return this.request('POST', path, this.#json(body, headers));
  }

  put<Body = unknown>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.request('PUT', path, this.#json(body, {}));
  }

  delete<Body = unknown>(path: string): Promise<Answer<Body>> {
    return this.request('DELETE', path, { headers: {} });
  }

  async request<Body>(
    method: string,
    path: string,
    options: { headers: Record<string, string>; body?: string },
  ): Promise<Answer<Body>> {
    const headers = new Headers({ origin: this.#origin, ...options.headers });
    if (this.cookie !== '') headers.set('cookie', this.cookie);
    const init = options.body === undefined ? { method, headers } : { method, headers, body: options.body };
    const response = await this.#send(path, init);
    this.#keep(response.headers.getSetCookie());
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) as Body };
  }

  #json(body: unknown, headers: Record<string, string>) {
    return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  }

  #keep(cookies: string[]): void {
    const last = cookies.at(-1);
    if (last === undefined) return;
    this.setCookie = last;
    const [pair = ''] = last.split(';');
    this.cookie = pair.endsWith('=') ? '' : pair;
  }
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
