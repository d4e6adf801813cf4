import * as v from 'valibot';
import type { Heartbeat, Hello, VerdictMessage } from './messages.ts';

/**
 * What the server sends, as schemas: the browser parses with them at its edge. Loose on purpose, so that a server one
 * version ahead may add a field; what a known field means never changes within one PROTOCOL_VERSION.
 */
const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const helloSchema = v.looseObject({
  protocol: natural,
  rulesVersion: natural,
  epoch: natural,
  seq: natural,
  serverTime: v.number(),
  user: v.looseObject({ id: v.string(), name: v.string() }),
  role: v.picklist(['viewer', 'member', 'lead']),
});

export const heartbeatSchema = v.looseObject({
  seq: natural,
  serverTime: v.number(),
  checkedAt: v.number(),
  store: v.picklist(['ok', 'down']),
});

export const verdictSchema = v.variant('verdict', [
  v.looseObject({ id: v.string(), verdict: v.literal('accepted'), seq: natural, at: v.number() }),
  v.looseObject({
    id: v.string(),
    verdict: v.literal('refused'),
    refusal: v.looseObject({ code: v.string() }),
  }),
]);

/** Null: not a hello. */
export function parseHello(value: unknown): Hello | null {
  const parsed = v.safeParse(helloSchema, value);
  return parsed.success ? (parsed.output as unknown as Hello) : null;
}

/** Null: not a heartbeat. */
export function parseHeartbeat(value: unknown): Heartbeat | null {
  const parsed = v.safeParse(heartbeatSchema, value);
  return parsed.success ? parsed.output : null;
}

/** Null: not a verdict. A refusal of an unknown code passes: the screen then says "refused" without a reason. */
export function parseVerdict(value: unknown): VerdictMessage | null {
  const parsed = v.safeParse(verdictSchema, value);
  return parsed.success ? (parsed.output as unknown as VerdictMessage) : null;
}
