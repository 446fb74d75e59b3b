/** The checkpoint's file, replaced and removed so that it is seen whole or not at all. */
import { dirname } from 'node:path';
import { nodeDisk } from '../disk/disk.js';
import { temporaryName } from '../disk/temporaries.js';
import { replaceFile as replaceOn } from '../disk/whole-files.js';

/**
 * Puts `text` into the file, which then holds all of it or what it held before, also after a power cut.
 * Throws when that failed or, once it may have happened, when it may not last.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  // Someone may have removed the folder with all that was in it.
  await nodeDisk.makeFolder(folder);
  const temporary = temporaryName(path);
  await replaceOn(nodeDisk, { folder, path, temporary }, Buffer.from(text));
}

/** Removes the file for good. */
export async function removeFile(path: string): Promise<void> {
  await nodeDisk.remove(path);
  await nodeDisk.syncFolder(dirname(path));
}
