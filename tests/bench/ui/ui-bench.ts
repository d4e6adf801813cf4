import type { BatonSubject } from '../baton-subject.ts';
import type { StoredBenchBoard } from '../baton-board.ts';
import type { Report } from '../report.ts';

/** A board that is stored, with as many items as `items`. */
export interface LargeBoard {
  readonly stored: StoredBenchBoard;
  readonly items: number;
}

/** What every measure is given. */
export interface UiBench {
  readonly baton: BatonSubject;
  readonly report: Report;
  readonly rounds: number;
  /** How long one round of a measure of frames lasts. */
  readonly roundMs: number;
}
