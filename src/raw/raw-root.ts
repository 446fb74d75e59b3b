import type { DayLayout } from '../model/day.js';
import { ProblemError } from '../model/problems.js';
import { type StampedPath, stampOf } from '../stamps/stamp.js';
import { type Ground, groundOf, isSteady } from '../stamps/steady.js';
import { inBatches } from './batches.js';
import { classifyRootEntry, type DayFolder, type RootEntry } from './day-folders.js';
import { describeCause, type Entry, readEntries } from './entries.js';
import { lstat, realpath } from './look-at.js';

/** The raw root as it was found. */
export interface RootLook {
  /** With links resolved. */
  readonly root: string;
  readonly device: string;
  readonly ground: Ground;
  /** Those that are ignored in the order of their names. */
  readonly entries: readonly RootEntry[];
  /** As long as these are as they were, so are the entries. Null where only another look can tell. */
  readonly steady: readonly StampedPath[] | null;
}

export interface RootPlace {
  readonly rawDir: string;
  readonly layout: DayLayout;
  readonly restMs: number;
}

/** Day folders below `root` that are known to be as they were, by their names. */
export interface KnownFolders {
  readonly root: string;
  readonly byName: ReadonlyMap<string, DayFolder>;
}

/** Looks at every entry but the known ones. Throws ProblemError `raw-unavailable`. */
export async function lookAtRoot(place: RootPlace, known: KnownFolders | null): Promise<RootLook> {
  const { rawDir, layout, restMs } = place;
  try {
    const root = await realpath(rawDir);
    const stamp = stampOf(await lstat(root));
    const ground = await groundOf(root, stamp, restMs);
    const seenAtMs = Date.now();
    const folders = known?.root === root ? known.byName : new Map<string, DayFolder>();
    const kept: RootEntry[] = [];
    const others: Entry[] = [];
    for (const entry of await readEntries(root)) {
      const folder = folders.get(entry.name);
      if (folder === undefined) others.push(entry);
      else kept.push(folder);
    }
    const found = await inBatches(others, (entry) => classifyRootEntry(root, layout, entry));
    const entries = kept.concat(found.filter((entry) => entry !== null));
    // What lies behind a link can change though nothing in the root does.
    const steady = isSteady(stamp, seenAtMs, ground) && !entries.some(({ linked }) => linked);
    // Links on the way to the root may change: then it is looked at by the name that leads over them, too.
    const paths = root === rawDir ? [root] : [root, `${rawDir}/.`];
    return {
      root,
      device: String(stamp.dev),
      ground,
      entries,
      steady: steady ? paths.map((path) => ({ path, stamp })) : null,
    };
  } catch (error) {
    throw unavailable(rawDir, error);
  }
}

/** What one entry of the root is now; null when it vanished. */
export async function lookAtRootEntry(
  { rawDir, layout }: Pick<RootPlace, 'rawDir' | 'layout'>,
  name: string,
): Promise<{ readonly root: string; readonly entry: RootEntry | null }> {
  try {
    const root = await realpath(rawDir);
    return { root, entry: await classifyRootEntry(root, layout, { name, readable: true }) };
  } catch (error) {
    throw unavailable(rawDir, error);
  }
}

function unavailable(rawDir: string, cause: unknown): ProblemError {
  const detail = `The raw root ${rawDir} cannot be read: ${describeCause(cause)}.`;
  return new ProblemError('raw-unavailable', detail, { cause });
}
