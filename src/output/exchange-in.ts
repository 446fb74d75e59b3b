/** How a staged file takes the output's place so that nothing is replaced: by exchange, or by link where there is none. */
import { join } from 'node:path';
import { cannotExchange, type Disk, errorCode } from '../disk/disk.js';
import type { RecordHeader } from './commit-record.js';
import { type Displaced, isMarked, settle } from './displaced.js';
import { linkName, type StateFolder, stagedName } from './state-folder.js';

export type Placed =
  /** The output is the new file, or was; `displaced` is null where nothing lay there. */
  | { readonly kind: 'placed'; readonly displaced: Displaced | null }
  /** The staged file is gone: another process published it, or someone removed it. */
  | { readonly kind: 'gone' };

/** Others that come and go between two of our steps are met so many times. */
const maxTries = 100;

/**
 * Each publisher exchanges a link of its own, and that once: of two publishers of one version the second
 * exchanges the new file for itself, and no one can bring the old version back. Null where the system or
 * the file system cannot exchange.
 */
export async function exchangeIn(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<Placed | null> {
  if (record.base === null) {
    const placed = await linkIn(disk, folder, record);
    if (placed !== null) return placed;
  }
  for (let tries = 0; tries < maxTries; tries += 1) {
    const placed = await exchangeOnce(disk, folder, record);
    if (placed === 'impossible') return null;
    if (placed !== 'absent') return placed;
    const linked = await linkIn(disk, folder, record);
    if (linked !== null) return linked;
  }
  throw new Error(`${folder.output} came and went while it was published`);
}

/** For where there is no output; null where there is one after all. */
export async function linkIn(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<Placed | null> {
  try {
    await disk.link(join(folder.staged, stagedName(record)), folder.output);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return null;
    if (code === 'ENOENT') return { kind: 'gone' };
    if (!(await isPlaced(disk, folder, record))) throw error;
  }
  return { kind: 'placed', displaced: null };
}

/** Over a network the answer can be lost: an error may mean that it was done. */
export async function isPlaced(
  disk: Disk,
  { output }: StateFolder,
  { file }: RecordHeader,
): Promise<boolean> {
  return isMarked(await disk.identity(output), file);
}

async function exchangeOnce(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<Placed | 'absent' | 'impossible'> {
  const displaced = { at: 'staged', name: linkName(record) } as const;
  const link = join(folder.staged, displaced.name);
  try {
    await disk.link(join(folder.staged, stagedName(record)), link);
    await disk.exchange(link, folder.output);
    return { kind: 'placed', displaced };
  } catch (error) {
    if (await isPlaced(disk, folder, record)) return { kind: 'placed', displaced };
    await settle(disk, folder, displaced, record);
    const code = errorCode(error);
    // No output, no link because it was fenced, or no staged file: the next step tells.
    if (code === 'ENOENT') return 'absent';
    if (cannotExchange.includes(code)) return 'impossible';
    throw error;
  }
}
