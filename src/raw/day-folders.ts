import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { IgnoredEntry } from '../core/ports/raw.js';
import type { Day, DayLayout } from '../model/day.js';
import { describeCause, type Entry, isBelow, lookAtEntry } from './entries.js';
import { likelyDay } from './likely-day.js';
import { realpath, stat } from './look-at.js';
import { isMarked, isSideFile } from './side-files.js';

export interface DayFolder {
  readonly kind: 'day';
  readonly day: Day;
  /** With links resolved. */
  readonly folder: string;
  /** Whether a link led to it. */
  readonly linked: boolean;
}

export interface IgnoredRootEntry {
  readonly kind: 'ignored';
  readonly entry: IgnoredEntry;
  /** Whether that is because of what lies behind a link. */
  readonly linked: boolean;
}

export type RootEntry = DayFolder | IgnoredRootEntry;

/**
 * What an entry of the raw root is: a day's folder (with links resolved), or nothing of ours and why.
 * Null when it vanished. Throws where the root does not let its entries be looked at.
 */
export async function classifyRootEntry(
  root: string,
  layout: DayLayout,
  entry: Entry,
): Promise<RootEntry | null> {
  const { name, readable } = entry;
  if (isMarked(name)) {
    return ignored(name, 'marked', 'Its name begins with . or _, which marks what is no data.');
  }
  if (isSideFile(name))
    return ignored(name, 'marked', 'Its name is that of a side file, which is no data.');
  const stats = await lookAtEntry(root, entry);
  if (stats === null) return null;
  const day = readable ? layout.parse(name) : null;
  if (day === null) {
    const reason = `Its name is no day: a day is ${layout.shape}.`;
    return ignored(name, kindOf(stats), reason, { likely: likelyDay(layout, name) });
  }
  const found = await findFolder(root, name, stats);
  return 'folder' in found
    ? { kind: 'day', day, ...found }
    : ignored(name, found.kind, found.reason, { linked: found.linked });
}

function ignored(
  name: string,
  kind: IgnoredEntry['kind'],
  reason: string,
  { likely = null, linked = false }: { likely?: Day | null; linked?: boolean } = {},
): IgnoredRootEntry {
  return { kind: 'ignored', entry: { name, reason, kind, likelyDay: likely }, linked };
}

function kindOf(stats: BigIntStats): IgnoredEntry['kind'] {
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'other';
}

type Found =
  | Pick<DayFolder, 'folder' | 'linked'>
  | (Pick<IgnoredEntry, 'kind' | 'reason'> & { readonly linked: boolean });

async function findFolder(root: string, name: string, stats: BigIntStats): Promise<Found> {
  const path = join(root, name);
  if (stats.isSymbolicLink()) return followLink(root, path);
  if (stats.isDirectory()) return { folder: path, linked: false };
  const reason = 'It is named like a day, but is no folder.';
  return { kind: kindOf(stats), reason, linked: false };
}

async function followLink(root: string, path: string): Promise<Found> {
  const linked = true;
  try {
    const folder = await realpath(path);
    const kind = kindOf(await stat(folder));
    if (!isBelow(root, folder)) {
      return { kind, reason: 'It is a link that leads out of the raw root.', linked };
    }
    return kind === 'folder'
      ? { folder, linked }
      : { kind, reason: 'It is a link to something that is no folder.', linked };
  } catch (error) {
    const reason = `It is a link that cannot be followed: ${describeCause(error)}.`;
    return { kind: 'other', reason, linked };
  }
}
