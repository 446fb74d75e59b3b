/** At start: whether names of the two folders between which a version moves can be exchanged. */
import { join } from 'node:path';
import type { Publication } from '../core/ports/output.js';
import { cannotExchange, type Disk, errorCode, isSameFile } from '../disk/disk.js';
import { probeName } from './probes.js';
import type { StateFolder } from './state-folder.js';

/** Tried with two files, because system, file system and mounts all have a say in it. */
export async function publicationOf(disk: Disk, folder: StateFolder): Promise<Publication> {
  const name = probeName();
  const [from, to] = [join(folder.staged, name), join(folder.outputFolder, name)];
  try {
    for (const path of [from, to]) await (await disk.create(path)).close();
    const before = await disk.identity(from);
    // A success without effect counts as unsupported; the publication handles other errors.
    const code = await disk.exchange(from, to).then(() => 'ENOSYS', errorCode);
    if (isSameFile(before, await disk.identity(to))) return 'exchange';
    return cannotExchange.includes(code) ? 'rename' : 'exchange';
  } finally {
    await disk.remove(from);
    await disk.remove(to);
  }
}
