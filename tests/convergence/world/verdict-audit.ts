import * as decoding from 'lib0/decoding';
import { isDeepStrictEqual } from 'node:util';
import { FRAME, readJsonBody } from '#lib/protocol/frames.ts';
import type { VerdictMessage } from '#lib/protocol/messages.ts';
import type { BoardId, CommandId } from '#lib/workflow/ids.ts';
import { InvariantBroken } from './broken.ts';
import type { MemoryStore } from './memory-store.ts';

/** Reads every verdict at the moment a node sends it, and holds it against what is stored by then. */
export class VerdictAudit {
  readonly #store: MemoryStore;
  readonly #boardId: BoardId;
  readonly #told = new Map<CommandId, VerdictMessage>();
  accepted = 0;
  refused = 0;
  /** Told again: to a command that came twice. */
  repeated = 0;

  constructor(store: MemoryStore, boardId: BoardId) {
    this.#store = store;
    this.#boardId = boardId;
  }

  read(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame);
    if (decoding.readVarUint(decoder) !== FRAME.verdict) return;
    const verdict = readJsonBody(decoder) as VerdictMessage;
    const earlier = this.#told.get(verdict.id);
    if (earlier && !isDeepStrictEqual(earlier, verdict))
      throw new InvariantBroken('I2', 'A command got two verdicts.', [earlier, verdict]);
    if (earlier) this.repeated += 1;
    else this[verdict.verdict] += 1;
    this.#told.set(verdict.id, verdict);
    this.#expectStored(verdict);
  }

  #expectStored(verdict: VerdictMessage): void {
    if (verdict.verdict === 'refused' && verdict.refusal.code === 'malformed') return;
    const row = this.#store.commandRow(verdict.id);
    if (!row) throw new InvariantBroken('I1', 'A verdict was sent that is not stored.', verdict);
    if (verdict.verdict === 'refused') {
      if (row.seq !== null || !isDeepStrictEqual(row.refusal, verdict.refusal))
        throw new InvariantBroken('I2', 'A refusal was told that is not the stored verdict.', {
          verdict,
          row,
        });
      return;
    }
    const entry = this.#store.board(this.#boardId).entries[verdict.seq - 1];
    const isDurable = row.seq === verdict.seq && entry?.commandId === verdict.id && entry.at === verdict.at;
    if (!isDurable)
      throw new InvariantBroken('I1', 'An accepted command is not in the log.', { verdict, row, entry });
  }
}
