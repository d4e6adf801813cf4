import type * as Y from 'yjs';
import type { FactValue, FieldType } from '#lib/workflow/definition.ts';
import type { TeamId } from '#lib/workflow/ids.ts';

/**
 * The wall document: what a screen in a hallway may show, and nothing else. People by name and never by address; of
 * the facts the title, and those whose field says so; no comments, notes, reasons or words of who waits for what.
 */
export interface WallRoots {
  readonly meta: Y.Map<number>;
  readonly board: Y.Map<string>;
  readonly teams: Y.Map<WallTeam>;
  readonly items: Y.Map<WallItem>;
}

export interface WallTeam {
  readonly id: TeamId;
  readonly name: string;
  readonly color: string;
  readonly position: number;
}

/** An open item. Times are milliseconds by the server's clock. */
export interface WallItem {
  readonly key: string;
  readonly title: string;
  readonly facts: readonly WallFact[];
  readonly step: string;
  readonly holderTeamId: TeamId;
  /** By name; null: unclaimed. */
  readonly owner: string | null;
  /** When the clock that counts now began: the gap while offered, the repair once returned, else the work. */
  readonly since: number;
  readonly heldSince: number;
  /** Where it can go from here: names of teams, or of steps of the same team. Empty: it ends here. */
  readonly next: readonly string[];
  readonly handoff: {
    readonly fromTeamId: TeamId;
    readonly toTeamId: TeamId;
    readonly offeredAt: number;
  } | null;
  readonly isWaiting: boolean;
  readonly isReturned: boolean;
  /** From when on it is stalled. */
  readonly stalledFrom: number;
  readonly order: string;
  readonly number: number;
}

/** A fact whose field is shown on walls; of type `person` it holds the name. */
export interface WallFact {
  readonly label: string;
  readonly type: FieldType;
  readonly value: FactValue;
}

/** The whole wall as plain data, so that it can be kept for the time without a network. */
export interface WallBoard {
  readonly name: string;
  /** By position. */
  readonly teams: readonly WallTeam[];
  readonly items: readonly WallItem[];
}

/** The roots of the document, typed. `meta` is that of a board document. */
export function wallRoots(doc: Y.Doc): WallRoots {
  return {
    meta: doc.getMap('meta'),
    board: doc.getMap('board'),
    teams: doc.getMap('teams'),
    items: doc.getMap('items'),
  };
}

export function wallFromDocument(doc: Y.Doc): WallBoard {
  const { board, teams, items } = wallRoots(doc);
  return {
    name: board.get('name') ?? '',
    teams: [...teams.values()].sort((a, b) => a.position - b.position),
    items: [...items.values()],
  };
}
