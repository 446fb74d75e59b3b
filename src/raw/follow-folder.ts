import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { IgnoredEntry } from '../core/ports/raw.js';
import { realpath, stat } from '../disk/look-at.js';
import { describeCause, isBelow } from './entries.js';

export type FoundFolder =
  | {
      /** With links resolved. */
      readonly folder: string;
      /** Whether a link led to it. */
      readonly linked: boolean;
    }
  | {
      readonly kind: IgnoredEntry['kind'];
      /** Why it is not a folder; null if only a folder was expected. */
      readonly reason: string | null;
      readonly linked: boolean;
    };

/** The folder that an entry is, or leads to within the root. `stats` are of the entry itself. */
export async function followFolder(
  root: string,
  parent: string,
  name: string,
  stats: BigIntStats,
): Promise<FoundFolder> {
  const path = join(parent, name);
  if (stats.isSymbolicLink()) return followLink(root, path);
  if (stats.isDirectory()) return { folder: path, linked: false };
  return { kind: kindOf(stats), reason: null, linked: false };
}

async function followLink(root: string, path: string): Promise<FoundFolder> {
  const linked = true;
  try {
    const folder = await realpath(path);
    const kind = kindOf(await stat(folder));
    if (!isBelow(root, folder)) {
      return { kind, reason: 'It is a link that leads out of the raw root.', linked };
    }
    return kind === 'folder'
      ? { folder, linked }
      : { kind, reason: 'It is a link to something that is not a folder.', linked };
  } catch (error) {
    const reason = `It is a link that cannot be followed: ${describeCause(error)}.`;
    return { kind: 'other', reason, linked };
  }
}

export function kindOf(stats: BigIntStats): IgnoredEntry['kind'] {
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'other';
}
