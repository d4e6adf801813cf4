/** The dialog in which views are named and put in order. */
export const savedViewDialogWords = {
  title: 'Your views of this board',
  name: 'Name of this view',
  isFull: (max: number) => `${max} views are as many as are kept. Delete one first.`,
  list: 'Saved views',
  newNameOf: (name: string) => `New name of ${name}`,
  rename: 'Rename',
  renameOf: (name: string) => `Rename ${name}`,
  deleteOf: (name: string) => `Delete ${name}`,
  whose:
    'Views are yours alone. They are kept in this browser until you sign out; to share one, copy the address of the page.',
} as const;
