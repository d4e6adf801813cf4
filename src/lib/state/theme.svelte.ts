import type { UserId } from '#lib/workflow/ids.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof THEMES)[number];

/** The script in `app.html` reads the same key, so that the very first picture is right. */
const PREFIX = 'baton.theme.';
/** What the bars of the browser around the page are painted with; `app.html` has the same. */
const BAR_COLORS = { light: '#ffffff', dark: '#14171c' } as const;

/** Light, dark, or as the system has it: one person's choice, in this browser; nobody signed in: as the system has it. */
export class Theme {
  #choice = $state<ThemeChoice>('system');
  #userId: UserId | null = null;

  get choice(): ThemeChoice {
    return this.#choice;
  }

  /** Shows what this person has chosen here before. */
  use(userId: UserId | null): void {
    this.#userId = userId;
    this.#show(userId === null ? 'system' : read(userId));
  }

  choose(choice: ThemeChoice): void {
    this.#show(choice);
    if (this.#userId !== null) write(this.#userId, choice);
  }

  /** Chosen in one tab it is chosen in all. Until the answer is called. */
  watchOtherTabs(): () => void {
    const onStorage = ({ key }: StorageEvent) => {
      if (this.#userId !== null && (key === null || key === PREFIX + this.#userId)) this.use(this.#userId);
    };
    addEventListener('storage', onStorage);
    return () => removeEventListener('storage', onStorage);
  }

  #show(choice: ThemeChoice): void {
    this.#choice = choice;
    const { dataset, style } = document.documentElement;
    style.colorScheme = choice === 'system' ? '' : choice;
    // For the style sheet, in which `light-dark()` is built for browsers that do not have it and goes by its rules.
    if (choice === 'system') delete dataset.theme;
    else dataset.theme = choice;
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
      const own = meta.media.includes('dark') ? 'dark' : 'light';
      meta.content = BAR_COLORS[choice === 'system' ? own : choice];
    }
  }
}

function read(userId: UserId): ThemeChoice {
  try {
    const kept = localStorage.getItem(PREFIX + userId);
    return THEMES.find((theme) => theme === kept) ?? 'system';
  } catch {
    // A browser that keeps nothing is as its system is.
    return 'system';
  }
}

function write(userId: UserId, choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(PREFIX + userId);
    else localStorage.setItem(PREFIX + userId, choice);
  } catch {
    // It holds for as long as the page, then.
    return;
  }
}

/** Of this page. */
export const theme = new Theme();
