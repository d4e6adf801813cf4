import { createContext } from 'svelte';
import type { BoardScreen } from './board.svelte.ts';

/** The board that the page stands on; set by the board's layout, once, as soon as the session is open. */
const [getBoard, provideBoard] = createContext<BoardScreen>();

export { getBoard, provideBoard };
