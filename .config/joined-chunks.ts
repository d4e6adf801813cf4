import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Rolldown } from 'vite';

const ROUTES = resolve(import.meta.dirname, '../src/routes');
const BOARD = resolve(ROUTES, 'b/[boardId]');
const WALL = resolve(ROUTES, 'wall');

/** Each imports from those before it alone. */
const LAYERS = ['app', 'common', 'live', 'board'] as const;
type Layer = (typeof LAYERS)[number];

/**
 * Which modules of the pages are packed into one file, beside what the bundler makes of the rest. By itself it makes a file
 * of whatever two pages share, so that opening a board took 86 requests, most of them for less than a kilobyte; what is
 * always loaded together also packs better together.
 * - `app` is what every page has;
 * - `common`, what the pages of a board share with the forms before it: buttons, fields, words;
 * - `live`, what they share with the wall: the documents and their connection;
 * - `board`, what only they have, and all of them.
 */
export function joinedChunks(): Rolldown.CodeSplittingGroup[] {
  let reached: Reached | null = null;
  const layerOf = (id: string, graph: Rolldown.ChunkingContext): Layer | null => {
    reached ??= reach(graph);
    if (reached.byAll.has(id)) return 'app';
    if (!reached.byBoard.has(id)) return null;
    if (reached.byForms.has(id)) return 'common';
    return reached.byWall.has(id) ? 'live' : 'board';
  };
  // The first takes its modules first; a group would take those that it imports along.
  return LAYERS.map((layer, index) => ({
    name: (id, graph) => (layerOf(id, graph) === layer ? layer : null),
    priority: LAYERS.length - index,
  }));
}

type Reached = Readonly<Record<'byAll' | 'byBoard' | 'byForms' | 'byWall', ReadonlySet<string>>>;

function reach(graph: Rolldown.ChunkingContext): Reached {
  const pages = globSync('**/+page.svelte', { cwd: ROUTES }).map((path) => resolve(ROUTES, path));
  const forms = pages.filter((path) => !path.startsWith(BOARD) && !path.startsWith(WALL));
  return {
    byAll: reachedFrom([resolve(ROUTES, '+layout.svelte'), resolve(ROUTES, '+layout.ts')], graph),
    byBoard: reachedFrom([resolve(BOARD, '+layout.svelte')], graph),
    byForms: reachedFrom(forms, graph),
    byWall: reachedFrom([resolve(WALL, '+page.svelte')], graph),
  };
}

/** The modules that are loaded with these, themselves included; what is imported later is not. */
function reachedFrom(starts: readonly string[], graph: Rolldown.ChunkingContext): Set<string> {
  const reached = new Set<string>();
  const open = [...starts];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    const info = graph.getModuleInfo(id);
    if (info === null) throw new Error(`The build has no module ${id}.`);
    reached.add(id);
    open.push(...info.importedIds);
  }
  return reached;
}
