import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { getMimeType } from 'hono/utils/mime';

export type Encoding = 'br' | 'gzip' | 'identity';

export interface StaticFile {
  readonly type: string;
  /** Whether its name changes with its content, so that it may be kept for ever. */
  readonly isImmutable: boolean;
  /** Of the content, whatever the encoding it travels in. */
  readonly hash: string;
  /** The encodings that are worth offering. */
  readonly encodings: readonly Encoding[];
  bytes(encoding: Encoding): Promise<Buffer<ArrayBuffer>>;
}

/** What SvelteKit answers every address of the app with. */
const FALLBACK_PATH = '/200.html';
const IMMUTABLE_PREFIX = '/_app/immutable/';
/** Text compresses to a third; pictures and fonts are compressed already. */
const COMPRESSIBLE = /^(text\/|application\/(json|javascript|manifest\+json|wasm)|image\/svg)/;

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/**
 * The built browser part, read into memory once (it is a few megabytes). Only what was there at the start can be asked
 * for, so no address, however it is spelled, leads out of the folder.
 */
export class StaticFiles {
  readonly #files = new Map<string, StaticFile>();

  /** `directory` may be missing: then there is nothing to serve, and `fallback` is null. */
  constructor(directory: string) {
    if (!existsSync(directory)) return;
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const address = `/${relative(directory, path).split(sep).join('/')}`;
      if (!entry.isFile() || /\/\.(?!well-known\/)/.test(address)) continue;
      this.#files.set(address, staticFile(address, readFileSync(path)));
    }
  }

  get(address: string): StaticFile | null {
    return this.#files.get(address) ?? null;
  }

  get fallback(): StaticFile | null {
    return this.get(FALLBACK_PATH);
  }
}

function staticFile(address: string, content: Buffer<ArrayBuffer>): StaticFile {
  const type = getMimeType(address) ?? 'application/octet-stream';
  const made = new Map<Encoding, Promise<Buffer<ArrayBuffer>>>([['identity', Promise.resolve(content)]]);
  return {
    type,
    isImmutable: address.startsWith(IMMUTABLE_PREFIX),
    hash: createHash('sha256').update(content).digest('base64url').slice(0, 22),
    encodings: COMPRESSIBLE.test(type) && content.length > 1024 ? ['br', 'gzip'] : [],
    bytes(encoding) {
      const known = made.get(encoding) ?? compress(content, encoding);
      made.set(encoding, known);
      return known;
    },
  };
}

function compress(content: Buffer, encoding: Encoding): Promise<Buffer<ArrayBuffer>> {
  // Quality 5 is within a few per cent of the best and takes milliseconds instead of seconds.
  if (encoding === 'br') return toBrotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
  return toGzip(content);
}
