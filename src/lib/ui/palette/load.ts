/** Wanted seldom enough to come apart from the board's first load; fetched once the board stands. */
export const loadPalette = () => import('./Palette.svelte');
export const loadKeyHelp = () => import('../keys/KeyHelp.svelte');
