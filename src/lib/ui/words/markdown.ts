/** A description with its Markdown drawn. */
export const markdownWords = {
  /** Before an entry of a list of boxes, read out. */
  ticked: 'Done: ',
  unticked: 'To do: ',
  /** A box whose entry has no text yet. */
  box: 'Done',
  openLink: (address: string) => `Open ${address}`,
} as const;
