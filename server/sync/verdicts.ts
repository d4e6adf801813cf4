import { CLOSE, type CloseCode } from '#lib/protocol/close-codes.ts';
import type { VerdictMessage } from '#lib/protocol/messages.ts';
import type { CommandId } from '#lib/workflow/ids.ts';
import { ERROR_TABLE } from '../errors.ts';
import type { Outcome } from '../persistence/command-log.ts';

/** The row of the table of errors that each reason is. */
const CODES = {
  storeDown: 'storeDown',
  overloaded: 'busy',
  failed: 'internal',
  closed: 'stopping',
} as const;

/** Why a command got no verdict. It may have been decided all the same: sent again, it gets the verdict it has. */
export class Undecided extends Error {
  readonly why: 'storeDown' | 'overloaded' | 'failed' | 'closed';

  constructor(why: Undecided['why'], options?: ErrorOptions) {
    super(`No verdict: ${why}.`, options);
    this.name = 'Undecided';
    this.why = why;
  }

  get code(): (typeof CODES)[Undecided['why']] {
    return CODES[this.why];
  }

  /** What a socket is closed with, so that its client comes again. */
  get closeCode(): CloseCode {
    return CLOSE[ERROR_TABLE[this.code].close];
  }
}

/** Of why a command got no verdict; anything else is a bug and thrown on. */
export function closeCodeOf(error: unknown): CloseCode {
  if (!(error instanceof Undecided)) throw error;
  return error.closeCode;
}

export function verdictOf(id: CommandId, outcome: Outcome): VerdictMessage {
  if (outcome.kind === 'refused') return { id, verdict: 'refused', refusal: outcome.refusal };
  return { id, verdict: 'accepted', seq: outcome.seq, at: outcome.at };
}
