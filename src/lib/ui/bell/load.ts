/** Wanted seldom enough to come apart from the board's first load. */
export const loadBell = () => import('./BellPanel.svelte');
