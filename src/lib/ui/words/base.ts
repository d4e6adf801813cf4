/** What the building blocks say by themselves. */
export const baseWords = {
  choose: 'Choose…',
  nothingToChoose: 'Nothing to choose from.',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  needed: 'needed',
  menuNotLoaded: 'This menu could not be loaded. Try again when you are connected.',
} as const;

/** A field of an item. */
export const factFieldWords = {
  nobody: 'Nobody',
  nothingChosen: 'Nothing chosen',
  openLink: 'Open',
} as const;
