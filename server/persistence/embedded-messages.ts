/**
 * Where the embedded Postgres keeps its data. `making`: files that are nobody's yet, and are synced as a whole once they
 * are made, which takes a third of the time.
 */
export type EmbeddedPlace =
  | { readonly kind: 'memory'; readonly dumpFile: string | null }
  | { readonly kind: 'making'; readonly dataDirectory: string }
  | { readonly kind: 'files'; readonly dataDirectory: string };

export type Question =
  | {
      readonly kind: 'query';
      readonly id: number;
      readonly sql: string;
      readonly parameters: readonly unknown[];
    }
  | { readonly kind: 'close'; readonly id: number };

/** An error of Postgres as it crosses from thread to thread. */
export interface Fault {
  readonly message: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly detail?: string;
}

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: Fault }
  | {
      readonly kind: 'rows';
      readonly id: number;
      readonly rows: Record<string, unknown>[];
      readonly affectedRows: number | undefined;
    }
  | { readonly kind: 'closed'; readonly id: number }
  | { readonly kind: 'error'; readonly id: number; readonly error: Fault }
  | { readonly kind: 'hint'; readonly payload: string }
  /** The database can't go on, and the next query would never be answered. */
  | { readonly kind: 'panic'; readonly message: string };
