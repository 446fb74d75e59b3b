import type { RawListing, RawStore } from '../core/ports/raw.js';
import { createSerial } from '../core/serial.js';
import { knowPlace } from '../disk/answerer.js';
import { lstat } from '../disk/look-at.js';
import { unlessHanging } from '../disk/waits.js';
import type { Day } from '../model/day.js';
import { noFolderForSuccess } from '../model/path-template.js';
import { ProblemError } from '../model/problems.js';
import { type StampedPath, sameStamp, stampOf } from '../stamps/stamp.js';
import { StampWatch, type StampWatchOptions } from '../stamps/stamp-watch.js';
import { noGround, usualRestMs } from '../stamps/steady.js';
import { type DayReading, lookAtDay, type RawLook } from './raw-day.js';
import { type Known, lookAtAll, watchedGroups } from './raw-listing.js';
import { lookForDay } from './raw-tree.js';
import { lookUntilSettled } from './settle.js';

export interface RawStoreOptions extends Omit<DayReading, 'withChangeTimes'> {
  readonly withChangeTimes?: boolean;
  /** For tests: how long a folder must have been unchanged before its times are trusted. */
  readonly restMs?: number;
  /** For tests. */
  readonly watch?: StampWatchOptions;
}

/** The raw days where a template says; its root may itself be a link. Reads only; follows no link out of the root. */
export function createRawStore(options: RawStoreOptions): RawStore {
  const { template, restMs = usualRestMs, withChangeTimes = true } = options;
  if (options.requireSuccessFile && !template.hasDayFolder) throw new Error(noFolderForSuccess);
  const rawDir = template.root;
  const place = { ...options, restMs, withChangeTimes };
  const watch = new StampWatch(options.watch);
  const oneByOne = createSerial();
  let known: Known | null = null;

  const look = async (day: Day): Promise<RawLook | null> => {
    const { root, sources } = await lookForDay(template, day);
    return lookAtDay({ root, ground: noGround }, day, sources, place);
  };

  const list = async (): Promise<RawListing> => {
    const changed = known === null ? null : await watch.changed(rawDir);
    // If the changes are unknown, nothing known can be relied on.
    const before = changed === null ? null : known;
    const after = await lookAtAll(place, before, changed ?? new Set());
    if (after !== before) watch.update(watchedGroups(before, after));
    known = after;
    knowPlace(rawDir, after.tree.root);
    return after.listing;
  };

  const hasSameEntries = async () => {
    const folders = [...(known?.tree.folders.values() ?? [])].map(({ steady }) => steady);
    if (known === null || folders.some((steady) => steady === null)) return false;
    const paths = folders.flatMap((steady) => steady ?? []);
    return (await Promise.all(paths.map(isAsItWas))).every((is) => is);
  };

  const places = () => (known === null ? [rawDir] : [rawDir, known.tree.root]);

  const hangs = (why: string) =>
    new ProblemError('raw-unavailable', `The raw root ${rawDir} cannot be read: ${why}`);

  return {
    list: () => unlessHanging(places, () => oneByOne(list), hangs),
    hasSameEntries: () => unlessHanging(places, hasSameEntries, hangs),
    settle: async (day) => {
      const settled = () => lookUntilSettled(() => look(day));
      return (await unlessHanging(places, settled, hangs))?.raw ?? null;
    },
    close: () => oneByOne(() => watch.close()),
  };
}

/** A path that cannot be checked counts as changed: the following look reports why. */
async function isAsItWas({ path, stamp }: StampedPath): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  return stats !== null && sameStamp(stampOf(stats), stamp);
}
