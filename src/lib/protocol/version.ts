/**
 * Moves with every change of the shapes on the wire. A test pins it beside a hash of those shapes, so that a change
 * of shape without a new number fails.
 */
export const PROTOCOL_VERSION = 1;
