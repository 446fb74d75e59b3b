import type { BigIntStats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Day, DayLayout } from '../core/day.js';
import { describeCause, type Entry, isBelow, isGone } from './entries.js';

export interface DayFolder {
  readonly kind: 'day';
  readonly day: Day;
  /** With links resolved. */
  readonly folder: string;
  /** Whether a link led to it. */
  readonly linked: boolean;
}

export interface IgnoredEntry {
  readonly kind: 'ignored';
  readonly name: string;
  readonly reason: string;
  /** Whether that is because of what lies behind a link. */
  readonly linked: boolean;
}

export type RootEntry = DayFolder | IgnoredEntry;

/**
 * What an entry of the raw root is: a day's folder (with links resolved), or nothing of ours and why.
 * Null when it vanished. Throws where the root does not let its entries be looked at.
 */
export async function classifyRootEntry(
  root: string,
  layout: DayLayout,
  { name, readable }: Entry,
): Promise<RootEntry | null> {
  const ignored = (reason: string, linked = false): RootEntry => ({
    kind: 'ignored',
    name,
    reason,
    linked,
  });
  if (name.startsWith('.') || name.startsWith('_')) {
    return ignored('Its name begins with . or _, which marks what is no data.');
  }
  const day = readable ? layout.parse(name) : null;
  if (day === null) return ignored(`Its name is no day: a day is ${layout.shape}.`);

  const found = await findFolder(root, name);
  if (found === null) return null;
  return 'folder' in found ? { kind: 'day', day, ...found } : ignored(found.reason, found.linked);
}

type Found =
  | Pick<DayFolder, 'folder' | 'linked'>
  | { readonly reason: string; readonly linked: boolean };

async function findFolder(root: string, name: string): Promise<Found | null> {
  const path = join(root, name);
  const stats = await lookAt(path);
  if (stats === null) return null;
  if (stats.isSymbolicLink()) return followLink(root, path);
  return stats.isDirectory()
    ? { folder: path, linked: false }
    : { reason: 'It is named like a day, but is no folder.', linked: false };
}

async function lookAt(path: string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

async function followLink(root: string, path: string): Promise<Found> {
  const ignored = (reason: string): Found => ({ reason, linked: true });
  try {
    const folder = await realpath(path);
    if (!isBelow(root, folder)) return ignored('It is a link that leads out of the raw root.');
    return (await stat(folder)).isDirectory()
      ? { folder, linked: true }
      : ignored('It is a link to something that is no folder.');
  } catch (error) {
    return ignored(`It is a link that cannot be followed: ${describeCause(error)}.`);
  }
}
