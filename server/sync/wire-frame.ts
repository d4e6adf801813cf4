/** Binary, and the only part of its message. */
const FINAL_BINARY = 0x82;
/** The lengths that say: the real one stands in the next 2, or 8, bytes. */
const IN_2_BYTES = 126;
const IN_8_BYTES = 127;

/** Shorter ones are copied faster than looked up. */
const REMEMBERED_BYTES_MIN = 512;

let lastFrame: Uint8Array | null = null;
let lastWire: Uint8Array | null = null;

/**
 * A frame as a server's bytes on the wire (RFC 6455, 5.2: unmasked), header and payload in one piece. A room sends the
 * same frame to everybody, one after the other, so the last one is remembered: made once, it costs each of them a single
 * write, where `ws` makes a header for each and sends two pieces.
 */
export function wireFrame(frame: Uint8Array): Uint8Array {
  if (frame === lastFrame && lastWire !== null) return lastWire;
  const wire = framed(frame);
  if (frame.byteLength >= REMEMBERED_BYTES_MIN) [lastFrame, lastWire] = [frame, wire];
  return wire;
}

function framed(frame: Uint8Array): Uint8Array {
  const { byteLength } = frame;
  const headBytes = byteLength < IN_2_BYTES ? 2 : byteLength < 65_536 ? 4 : 10;
  const wire = Buffer.allocUnsafe(headBytes + byteLength);
  wire[0] = FINAL_BINARY;
  wire[1] = headBytes === 2 ? byteLength : headBytes === 4 ? IN_2_BYTES : IN_8_BYTES;
  if (headBytes === 4) wire.writeUInt16BE(byteLength, 2);
  if (headBytes === 10) wire.writeBigUInt64BE(BigInt(byteLength), 2);
  wire.set(frame, headBytes);
  return wire;
}
