import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readFrameNotation, type Names } from './frame-notation.ts';

export type Where = 'board' | 'item';

/** One frame of the corpus, on one kind of connection. */
export interface HostileFrame {
  readonly name: string;
  readonly on: Where;
  /** What it is, and what it would do. */
  readonly meaning: string;
  /** What its sender is closed with; null: not at all. */
  readonly closes: number | null;
  /** `verdict`: the sender is told that it was refused. `asked`: the server asks for what is missing. */
  readonly answer: 'verdict' | 'asked' | null;
  /** Allowed, so the item document may change; nothing else may. */
  readonly mayWrite: boolean;
  readonly isText: boolean;
  bytes(names: Names): Uint8Array;
}

const FOLDER = join(import.meta.dirname, 'frames');

/** All frames: those of `both` once for a board's connection and once for an item's. */
export function readCorpus(): HostileFrame[] {
  return [
    ...readFolder('both', 'board'),
    ...readFolder('board', 'board'),
    ...readFolder('both', 'item'),
    ...readFolder('item', 'item'),
  ];
}

function readFolder(folder: string, on: Where): HostileFrame[] {
  const files = readdirSync(join(FOLDER, folder)).sort();
  return files.map((file) => readHostileFrame(join(FOLDER, folder, file), on));
}

/** A file: one line of meaning, lines `key: value` up to an empty one, and the frame. */
function readHostileFrame(path: string, on: Where): HostileFrame {
  const [head = '', ...rest] = readFileSync(path, 'utf8').split('\n\n');
  const [meaning = '', ...lines] = head.split('\n');
  const keys = new Map(lines.map((line) => line.split(': ') as [string, string]));
  // What differs between the two kinds of connection is named after them.
  const closes = keys.get(`closes on ${on}`) ?? keys.get('closes');
  if (closes === undefined) throw new Error(`${path} does not say what it closes with.`);
  const answer = keys.get(`answer on ${on}`) ?? keys.get('answer') ?? null;
  return {
    ...{ name: basename(path, '.frame'), on, meaning },
    closes: closes === 'nothing' ? null : Number(closes),
    answer: answer as HostileFrame['answer'],
    mayWrite: keys.get('changes') === 'the item document',
    isText: keys.get('sent as') === 'text',
    bytes: (names) => readFrameNotation(rest.join('\n\n'), names),
  };
}
