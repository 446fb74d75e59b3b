import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { RawFile, RefusedFile } from '../core/ports/raw.js';
import { lstat, realpath, stat } from '../disk/look-at.js';
import { fileFormOf, plainCsv } from '../model/file-form.js';
import { stampOf } from '../stamps/stamp.js';
import { describeCause, type Entry, isBelow, isGone } from './entries.js';
import type { FileStamp } from './fingerprint.js';
import { nameIn } from './place.js';

export type DayEntry =
  | {
      readonly kind: 'file';
      readonly file: RawFile;
      readonly stamp: FileStamp;
      readonly source: string;
      /** Whether a link led to it. */
      readonly linked: boolean;
    }
  | { readonly kind: 'refused'; readonly refused: RefusedFile };

/**
 * Classifies an entry that is named like data; null if it vanished. `within` is the name of its folder, if that is
 * shown.
 */
export async function classifyDayEntry(
  root: string,
  folder: string,
  within: string,
  entry: Entry,
): Promise<DayEntry | null> {
  const name = nameIn(within, entry.name);
  if (!entry.readable) return refuse(name, 'Its name is not valid UTF-8; rename it.');
  const path = join(folder, entry.name);
  try {
    const stats = await lstat(path);
    return stats.isSymbolicLink()
      ? await followLink(root, path, name)
      : classifyTarget(path, name, stats);
  } catch (error) {
    return isGone(error)
      ? null
      : refuse(name, `It cannot be accessed: ${describeCause(error)}. Fix its permissions.`);
  }
}

async function followLink(root: string, path: string, name: string): Promise<DayEntry> {
  try {
    const target = await realpath(path);
    return isBelow(root, target)
      ? classifyTarget(target, name, await stat(target), true)
      : refuse(name, 'It is a link that leads out of the raw root; put the file itself there.');
  } catch (error) {
    const cause = describeCause(error);
    return refuse(name, `It is a link that cannot be followed: ${cause}. Fix or remove it.`);
  }
}

function classifyTarget(path: string, name: string, stats: BigIntStats, linked = false): DayEntry {
  if (!stats.isFile()) {
    return refuse(name, `It is named like data, but is ${kindOf(stats)}; rename or remove it.`);
  }
  return {
    kind: 'file',
    file: {
      name,
      path,
      sizeBytes: Number(stats.size),
      mtimeNs: String(stats.mtimeNs),
      form: fileFormOf(name) ?? plainCsv,
    },
    stamp: { name, ...stampOf(stats) },
    source: stats.nlink > 1n ? `${stats.dev}:${stats.ino}` : path,
    linked,
  };
}

export function refuse(name: string, reason: string): DayEntry {
  return { kind: 'refused', refused: { name, reason } };
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

/**
 * Refuses each file that is another of the same day under a second name, by a link or a hard link: its
 * orders would count twice.
 */
export function refuseRepeats(entries: readonly DayEntry[]): DayEntry[] {
  const firstNames = new Map<string, string>();
  return entries.map((entry) => {
    if (entry.kind === 'refused') return entry;
    const first = firstNames.get(entry.source);
    if (first === undefined) {
      firstNames.set(entry.source, entry.file.name);
      return entry;
    }
    const reason = `It is the same file as ${first}, and would count twice; remove one of the two.`;
    return refuse(entry.file.name, reason);
  });
}
