import { FRAME, encodeJsonFrame } from '#lib/protocol/frames.ts';
import type { Heartbeat, Hello } from '#lib/protocol/messages.ts';
import { PROTOCOL_VERSION } from '#lib/protocol/version.ts';
import { RULES_VERSION } from '#lib/workflow/events.ts';
import type { Peer } from './peer.ts';

/** The first frame of every connection. `seq` is the board's, for its items too: commands are held against it. */
export function helloFrame(
  { user }: Peer,
  where: Pick<Hello, 'epoch' | 'seq' | 'serverTime' | 'role'>,
): Uint8Array<ArrayBuffer> {
  return encodeJsonFrame(FRAME.hello, {
    protocol: PROTOCOL_VERSION,
    rulesVersion: RULES_VERSION,
    ...where,
    user: { id: user.userId, name: user.userName },
  } satisfies Hello);
}

/** Says how far a projection can be trusted. */
export function heartbeatFrame(heartbeat: Heartbeat): Uint8Array<ArrayBuffer> {
  return encodeJsonFrame(FRAME.heartbeat, heartbeat);
}
