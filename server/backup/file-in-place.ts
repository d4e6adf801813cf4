import { existsSync, linkSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncPath } from '../persistence/synced-node-fs.ts';
import { BackupFault } from './format.ts';

/**
 * Lets `write` make a new file beside the target, and gives it the target's name once it is whole and on the disk: at no
 * time is there half a file of that name, and without `replace` none that was there before is lost.
 */
export async function putInPlace<Value>(
  target: string,
  options: { readonly replace: boolean },
  write: (unfinished: string) => Promise<Value>,
): Promise<Value> {
  const taken = `${target} exists: give another name, or --replace to write over it.`;
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory())
    throw new BackupFault(`${target} is a folder: name a file in it.`);
  if (!options.replace && existsSync(target)) throw new BackupFault(taken);
  if (!existsSync(dirname(target))) throw new BackupFault(`There is no folder ${dirname(target)}.`);
  const unfinished = `${target}.${process.pid}.unfinished`;
  const clear = () => rmSync(unfinished, { force: true });
  clear();
  // Whoever interrupts it does not want half a copy of all the data to be left.
  process.once('exit', clear);
  try {
    const value = await write(unfinished);
    if (options.replace) renameSync(unfinished, target);
    else nameOnlyIfFree(unfinished, target, taken);
    syncPath(dirname(target));
    return value;
  } finally {
    clear();
    process.off('exit', clear);
  }
}

/** A rename would silently take the place of a file that came to be meanwhile; a link does not. */
function nameOnlyIfFree(unfinished: string, target: string, taken: string): void {
  try {
    linkSync(unfinished, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new BackupFault(taken, { cause: error });
    // Not every file system has links: the look at the start has to do.
    renameSync(unfinished, target);
    return;
  }
  unlinkSync(unfinished);
}
