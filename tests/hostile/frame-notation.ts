import * as encoding from 'lib0/encoding';

/** What a frame cannot know when it is written down: numbers by name, and texts by name. */
export interface Names {
  readonly numbers: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string>>;
}

type Token = { readonly kind: string; readonly value: string };

const TOKEN =
  /(?<space>\s+)|(?<hex>(?:[0-9a-f]{2})+(?![0-9a-f]))|\{(?<name>\w+)\}|v(?<number>\d+)|`(?<text>[^`]*)`|(?<open>[[(])|\)\*(?<times>\d+)|(?<close>\])/y;

/**
 * Reads a frame that is written down: `00 02` bytes in hex, `v300` a varuint, `{epoch}` a varuint by its name, `` `…` ``
 * UTF-8 text in which `$name` stands for another text, `[…]` bytes with their length before them, and `(…)*3` a part
 * that is repeated, in which `{n}` counts from 1.
 */
export function readFrameNotation(notation: string, names: Names): Uint8Array {
  const tokens = tokensOf(notation);
  const encoder = encoding.createEncoder();
  const end = write(encoder, { tokens, from: 0, names });
  if (end !== tokens.length) throw new SyntaxError('A bracket is closed that was never opened.');
  return encoding.toUint8Array(encoder);
}

function tokensOf(notation: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < notation.length) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(notation)?.groups;
    const [kind, value] = Object.entries(groups ?? {}).find(([, found]) => found !== undefined) ?? [];
    if (kind === undefined || value === undefined)
      throw new SyntaxError(`Not a frame: ${notation.slice(at, at + 20)}`);
    if (kind !== 'space') tokens.push({ kind, value });
  }
  return tokens;
}

interface Part {
  readonly tokens: readonly Token[];
  readonly from: number;
  readonly names: Names;
}

/** Returns the place of the bracket that closes this part, or the end. */
function write(encoder: encoding.Encoder, { tokens, from, names }: Part): number {
  let at = from;
  for (let token = tokens[at]; token; token = tokens[at]) {
    if (token.kind === 'close' || token.kind === 'times') return at;
    if (token.kind === 'open') {
      at = writeBracket(encoder, { tokens, from: at, names }) + 1;
      continue;
    }
    writeToken(encoder, token, names);
    at += 1;
  }
  return at;
}

function writeBracket(encoder: encoding.Encoder, { tokens, from, names }: Part): number {
  if (tokens[from]?.value === '[') {
    const inner = encoding.createEncoder();
    const end = write(inner, { tokens, from: from + 1, names });
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner));
    return end;
  }
  const end = write(encoding.createEncoder(), { tokens, from: from + 1, names: counting(names, 1) });
  const times = Number(tokens[end]?.value);
  for (let n = 1; n <= times; n += 1) write(encoder, { tokens, from: from + 1, names: counting(names, n) });
  return end;
}

function counting(names: Names, n: number): Names {
  return { ...names, numbers: { ...names.numbers, n } };
}

function writeToken(encoder: encoding.Encoder, { kind, value }: Token, names: Names): void {
  if (kind === 'hex') return encoding.writeUint8Array(encoder, new Uint8Array(Buffer.from(value, 'hex')));
  if (kind === 'number') return encoding.writeVarUint(encoder, Number(value));
  if (kind === 'name') return encoding.writeVarUint(encoder, named(names.numbers, value));
  const text = value.replaceAll(/\$(\w+)/g, (_, name: string) => named(names.texts, name));
  encoding.writeUint8Array(encoder, new TextEncoder().encode(text));
}

function named<Value>(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = values[name];
  if (value === undefined) throw new SyntaxError(`Nothing is called ${name}.`);
  return value;
}
