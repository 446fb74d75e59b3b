import type { Day, DayLayout } from '../core/day.js';
import type { RawListing, RawStore } from '../core/ports.js';
import { createSerial } from '../core/serial.js';
import { isAsItWas } from '../stamps/stamp.js';
import { StampWatch, type StampWatchOptions } from '../stamps/stamp-watch.js';
import { noGround, usualRestMs } from '../stamps/steady.js';
import { type DayReading, lookAtDay, type RawLook } from './raw-day.js';
import { type Known, lookAtAll, watchedGroups } from './raw-listing.js';
import { lookAtRootEntry } from './raw-root.js';
import { lookUntilSettled } from './settle.js';

export interface RawStoreOptions extends Partial<DayReading> {
  /** The raw root; may itself be a link. */
  readonly rawDir: string;
  readonly layout: DayLayout;
  readonly requireSuccessFile: boolean;
  /** For tests: how long a folder must have been at rest before its times are trusted. */
  readonly restMs?: number;
  /** For tests. */
  readonly watch?: StampWatchOptions;
}

/** The raw root as a folder of day folders. Reads only; follows no link out of the root. */
export function createRawStore(options: RawStoreOptions): RawStore {
  const { restMs = usualRestMs, withChangeTimes = true } = options;
  const place = { ...options, restMs, withChangeTimes };
  const watch = new StampWatch(options.watch);
  const oneByOne = createSerial();
  let known: Known | null = null;

  const look = async (day: Day): Promise<RawLook | null> => {
    const { root, entry } = await lookAtRootEntry(place, day);
    if (entry?.kind !== 'day') return null;
    return lookAtDay({ ...entry, root, ground: noGround }, place);
  };

  const list = async (): Promise<RawListing> => {
    const changed = known === null ? null : await watch.changed();
    // Where it cannot be told what changed, nothing of what is known may be relied on.
    const before = changed === null ? null : known;
    const after = await lookAtAll(place, before, changed ?? new Set());
    if (after !== before) watch.update(watchedGroups(before, after));
    known = after;
    return after.listing;
  };

  return {
    list: () => oneByOne(list),
    hasSameEntries: () => known?.root.steady?.every(isAsItWas) ?? false,
    settle: async (day) => (await lookUntilSettled(() => look(day)))?.raw ?? null,
    close: () => oneByOne(() => watch.close()),
  };
}
