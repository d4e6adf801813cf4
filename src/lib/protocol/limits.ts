/** Sizes and rates of the wire. Both ends know them, so that a client can say "too long" before it sends. */

/** The largest frame a client may send; a larger one closes the socket with 4413. */
export const FRAME_BYTES_MAX = 512 * 1024;
/** `maxPayload` of the socket: beyond it the frame is not even read, and the close code is WebSocket's own 1009. */
export const SOCKET_PAYLOAD_BYTES_MAX = 2 * 1024 * 1024;
/** The largest command, as JSON. */
export const COMMAND_BYTES_MAX = 64 * 1024;
/** The largest awareness state of one client, as JSON. */
export const AWARENESS_BYTES_MAX = 4 * 1024;

export const HEARTBEAT_EVERY_MS = 5_000;
/** A connection is live only while the last heartbeat, and the `checkedAt` in it, are younger than this. */
export const HEARTBEAT_LOST_MS = 10_000;

/** A new password's length, in characters. Length is what makes guessing hopeless; the upper bound is for the hashing. */
export const PASSWORD_CHARS_MIN = 10;
export const PASSWORD_CHARS_MAX = 200;

/** The longest text that can be searched for, in characters. */
export const SEARCH_CHARS_MAX = 200;

/** The most items whose documents one request may ask for. */
export const DOCUMENTS_PER_REQUEST_MAX = 200;
/** Updates beyond which an answer is full, and names the rest for another request. One document always fits in. */
export const DOCUMENTS_ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** Of one item document, far above what people write; the server closes a connection that wants more with 4403. */
export const DESCRIPTION_CHARS_MAX = 200_000;
export const CHECKLIST_ENTRIES_MAX = 1_000;

/** How far back a board can be looked at as it was, and the longest span of its log that can be asked for. */
export const PAST_DAYS_MAX = 31;

/** The most items in one answer of what is stalled: more than a board has that is still usable. */
export const STALLED_ROWS_MAX = 10_000;
