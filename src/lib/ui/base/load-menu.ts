/** Menus come apart from the first load: a fifth of it was the library that makes them. */
export const loadMenu = () => import('./MenuContent.svelte');
