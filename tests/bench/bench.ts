import type { BatonSubject } from './baton-subject.ts';
import type { PeerSubject } from './peer-subject.ts';
import type { Report } from './report.ts';
import type { Subject } from './subject.ts';

/** What every measure is given. */
export interface Bench {
  readonly baton: BatonSubject;
  readonly hocuspocus: PeerSubject;
  readonly yWebsocket: PeerSubject;
  readonly relay: PeerSubject;
  readonly report: Report;
  /** Fewer and shorter rounds: for a look while working, not for a figure to quote. */
  readonly isQuick: boolean;
}

/** Those that keep documents. */
export function documentServers({ baton, hocuspocus, yWebsocket }: Bench): Subject[] {
  return [baton, hocuspocus, yWebsocket];
}
