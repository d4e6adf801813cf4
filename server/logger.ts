/** What happened, as data and a sentence. Never a password, a token or the content of a message. */
type Log = (data: Readonly<Record<string, unknown>>, sentence: string) => void;

export interface Logger {
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

/** Writes each event as one line of JSON. */
export function createLogger(write: (line: string) => void, now: () => number): Logger {
  const log =
    (level: string): Log =>
    (data, sentence) => {
      const time = new Date(now()).toISOString();
      write(
        `${JSON.stringify({ time, level, sentence, ...data }, (_key, value: unknown) => plain(value))}\n`,
      );
    };
  return { info: log('info'), warn: log('warn'), error: log('error') };
}

/** The parts of an Error are not enumerable, so JSON would show `{}`. */
function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { message: value.message, stack: value.stack, cause: value.cause };
}
