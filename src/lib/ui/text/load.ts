/** Wanted on the item page alone: apart from the board's first load. */
export const loadEditor = () => import('./editor/create-editor.ts');
export const loadRichText = () => import('./RichText.svelte');
