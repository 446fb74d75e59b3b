/** Files that are written under a name of their own before they take their place; a killed process leaves them. */
import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { fateOfTag, tagIn, tagOf, thisProcess } from '../process/living-process.js';
import type { Disk } from './disk.js';

/** Of processes that cannot be seen from here: none uses such a file as long. */
const abandonedMs = 60 * 60 * 1000;

/** A name that no one else uses, and that tells who does. */
export function temporaryName(path: string): string {
  return `${path}.${tagOf(thisProcess())}.${randomUUID()}.tmp`;
}

/** Removes those of processes that are gone, and those so old that no one can be about to use them. */
export async function clearTemporaries(disk: Disk, folder: string): Promise<void> {
  for (const name of await disk.list(folder)) {
    if (!name.endsWith('.tmp')) continue;
    const path = join(folder, name);
    if (await isAbandoned(disk, path)) await disk.remove(path);
  }
}

/** Whether its process, which its name tells, is gone; where that cannot be seen, whether it is old. */
export async function isAbandoned(disk: Disk, path: string): Promise<boolean> {
  const tag = tagIn(basename(path));
  const fate = tag === null ? 'unknown' : fateOfTag(tag, thisProcess());
  if (fate !== 'unknown') return fate === 'gone';
  const found = await disk.identity(path);
  return found !== null && Date.now() - Number(found.mtimeNs / 1_000_000n) > abandonedMs;
}
