/** What stands on several pages and means the same on each. */
export const commonWords = {
  product: 'Baton',
  board: 'Board',
  backToBoard: '← Board',
  whereYouAre: 'Where you are',
  opening: 'Opening…',
  cancel: 'Cancel',
  save: 'Save',
  tryAgain: 'Try again',
  reload: 'Reload',
  partNotLoaded: 'This part could not be loaded. Try again when you are connected.',
} as const;

/** What a tab of the browser is called: `Archive · Onboarding · Baton`. */
export function pageTitle(...parts: readonly string[]): string {
  return [...parts, commonWords.product].join(' · ');
}
