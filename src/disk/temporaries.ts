/** Files that are written under a name of their own before they take their place; a killed process leaves them. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fateOfTag, tagOf, thisProcess } from '../living-process.js';
import type { Disk } from './disk.js';

/** Of processes that cannot be seen from here: no write takes as long. */
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
    if (await isAbandoned(disk, path, name)) await disk.remove(path);
  }
}

async function isAbandoned(disk: Disk, path: string, name: string): Promise<boolean> {
  const tag = /\.([0-9]+-[0-9a-f]{12}-[0-9a-f]{12})\.[0-9a-f-]{36}\.tmp$/.exec(name)?.[1];
  const fate = tag === undefined ? 'unknown' : fateOfTag(tag, thisProcess());
  if (fate !== 'unknown') return fate === 'gone';
  const found = await disk.identity(path);
  return found !== null && Date.now() - Number(found.mtimeNs / 1_000_000n) > abandonedMs;
}
