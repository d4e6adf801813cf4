import type { Context } from 'hono';
import * as v from 'valibot';
import { AppError } from '../errors.ts';

/** More than any form of ours fills. Commands have their own limit. */
const FORM_BYTES_MAX = 16 * 1024;

/** The body as what the schema says, or a `malformed` that names the first place that is wrong. */
export async function readForm<const Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
  bytesMax = FORM_BYTES_MAX,
): Promise<v.InferOutput<Schema>> {
  const value = await readJson(c, bytesMax);
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return parsed.output;
  throw new AppError('malformed', { path: v.getDotPath(parsed.issues[0]) ?? '' });
}

/** The body as untrusted JSON. Never reads more than the limit, whatever the headers promise. */
export async function readJson(c: Context, bytesMax: number): Promise<unknown> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  // A form of another site can send text/plain without asking first, but not this.
  if (type !== 'application/json') throw new AppError('notJson');
  const text = decode(await readBytes(c, bytesMax));
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new AppError('malformed', { path: '' }, { cause: error });
  }
}

async function readBytes(c: Context, bytesMax: number): Promise<Buffer> {
  if (Number(c.req.header('content-length') ?? 0) > bytesMax) throw new AppError('tooLarge');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | null = c.req.raw.body;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new AppError('tooLarge');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError('malformed', { path: '' }, { cause: error });
  }
}
