import { resolve } from 'node:path';
import { ok, refused, type Result } from '#lib/workflow/result.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly origin: Origin;
  /** Where the embedded database keeps its files; made when missing. */
  readonly dataDirectory: string;
  readonly database: DatabaseConfig;
}

export interface Origin {
  /** What the address bar shows, and what links begin with: `https://baton.example`. */
  readonly url: string;
  /** Every spelling that a browser at this origin may send. */
  readonly accepted: ReadonlySet<string>;
  /** Whether a proxy in front ends TLS; if not, only this machine can reach the server. */
  readonly isSecure: boolean;
}

export type DatabaseConfig =
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'postgres'; readonly url: string };

type Environment = Readonly<Record<string, string | undefined>>;

const PORT_DEFAULT = 3000;
const HOST_DEFAULT = '127.0.0.1';
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Reads the settings from the environment, or says everything that is wrong with them, one sentence a fault. */
export function parseConfig(env: Environment): Result<Config, readonly string[]> {
  const faults: string[] = [];
  const port = parsePort(env['PORT'], faults);
  const host = setting(env['HOST']) ?? HOST_DEFAULT;
  const origin = parseOrigin({ given: setting(env['ORIGIN']), host, port }, faults);
  const dataDirectory = resolve(setting(env['BATON_DATA_DIR']) ?? './data');
  const database = parseDatabase(setting(env['DATABASE_URL']), dataDirectory, faults);
  if (faults.length > 0 || origin === null) return refused(faults);
  return ok({ host, port, origin, dataDirectory, database });
}

/** Only which database is meant, for programs that serve nobody. */
export function parseDatabaseConfig(env: Environment): Result<DatabaseConfig, readonly string[]> {
  const faults: string[] = [];
  const dataDirectory = resolve(setting(env['BATON_DATA_DIR']) ?? './data');
  const database = parseDatabase(setting(env['DATABASE_URL']), dataDirectory, faults);
  return faults.length > 0 ? refused(faults) : ok(database);
}

/** An empty variable is what a blank line in a settings file leaves behind: the same as none. */
function setting(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function parsePort(given: string | undefined, faults: string[]): number {
  const text = setting(given);
  if (text === undefined) return PORT_DEFAULT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535)
    faults.push(`PORT is "${text}", which is no port: give a number from 1 to 65535.`);
  return port;
}

function parseOrigin(
  settings: { given: string | undefined; host: string; port: number },
  faults: string[],
): Origin | null {
  const { given, host, port } = settings;
  if (given === undefined) {
    if (isLoopbackHost(host)) return loopbackOrigin('localhost', String(port));
    faults.push(
      `HOST is "${host}", which other machines can reach, and ORIGIN is missing: set ORIGIN to the https address ` +
        `that people will open. ${WHY_HTTPS}`,
    );
    return null;
  }
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || isMoreThanOrigin(url)) {
    faults.push(`ORIGIN is "${given}": give scheme, host and port only, such as https://baton.example.`);
    return null;
  }
  if (url.protocol === 'https:') return { url: url.origin, accepted: new Set([url.origin]), isSecure: true };
  if (!isLoopbackHost(url.hostname)) {
    faults.push(`ORIGIN is "${given}", which is not https and not on this machine. ${WHY_HTTPS}`);
    return null;
  }
  if (!isLoopbackHost(host)) {
    faults.push(
      `HOST is "${host}", which other machines can reach, but ORIGIN "${given}" is plain http: give an https ORIGIN, ` +
        `or set HOST to 127.0.0.1. ${WHY_HTTPS}`,
    );
    return null;
  }
  return loopbackOrigin(url.hostname, url.port);
}

const WHY_HTTPS =
  'Over plain http, browsers other than the one on this machine have no secure cookies, no offline store and no locks.';

function isMoreThanOrigin(url: URL): boolean {
  return (
    url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== ''
  );
}

/** The three names of this machine's own address are one origin to us, though three to the browser. */
function loopbackOrigin(hostname: string, port: string): Origin {
  const suffix = port === '' || port === '80' ? '' : `:${port}`;
  const own = `http://${hostname}${suffix}`;
  return {
    url: own,
    accepted: new Set([own, ...LOOPBACK_NAMES.map((name) => `http://${name}${suffix}`)]),
    isSecure: false,
  };
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function parseDatabase(given: string | undefined, dataDirectory: string, faults: string[]): DatabaseConfig {
  if (given === undefined) return { kind: 'embedded', directory: dataDirectory };
  // The value may hold a password, so the fault does not repeat it.
  if (!/^postgres(ql)?:\/\//.test(given) || !URL.canParse(given)) {
    faults.push(
      'DATABASE_URL is no Postgres address: it looks like postgres://user:password@host:5432/name.',
    );
  }
  return { kind: 'postgres', url: given };
}
