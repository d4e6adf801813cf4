import type { DropdownMenu } from 'bits-ui';
import { createContext } from 'svelte';

/** What the entries of a menu are made of. They get it from the menu they stand in, and so load nothing before it. */
export interface MenuParts {
  readonly Item: typeof DropdownMenu.Item;
  readonly Separator: typeof DropdownMenu.Separator;
}

export const [getMenuParts, provideMenuParts] = createContext<MenuParts>();
