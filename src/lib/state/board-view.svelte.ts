import { SvelteSet } from 'svelte/reactivity';
import type { BoardId, TeamId } from '#lib/workflow/ids.ts';

/** How one person likes to see one board in this browser: folded lanes, and the lane in focus. */
export class BoardView {
  readonly folded: SvelteSet<TeamId>;
  /** Only this lane is shown; null: all of them. */
  focused: TeamId | null = $state(null);
  readonly #key: string;

  constructor(boardId: BoardId) {
    this.#key = `baton-view-${boardId}`;
    this.folded = new SvelteSet(readFolded(this.#key));
  }

  toggleFold(teamId: TeamId): void {
    if (!this.folded.delete(teamId)) this.folded.add(teamId);
    writeFolded(this.#key, [...this.folded]);
  }

  toggleFocus(teamId: TeamId): void {
    this.focused = this.focused === teamId ? null : teamId;
  }
}

function readFolded(key: string): TeamId[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? (stored.filter((id) => typeof id === 'string') as TeamId[]) : [];
  } catch {
    return [];
  }
}

/** False: a browser that keeps nothing, where the fold lasts as long as the page. */
function writeFolded(key: string, folded: readonly TeamId[]): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(folded));
    return true;
  } catch {
    return false;
  }
}
