import { realpath } from 'node:fs/promises';
import type { Day, DayLayout } from '../core/day.js';
import type { RawDay, RawListing, RawStore } from '../core/ports.js';
import { ProblemError } from '../core/problems.js';
import { classifyRootEntry, type RootEntry } from './day-folders.js';
import { describeCause, type Entry, readEntries } from './entries.js';
import { type DayPlace, lookAtDay, type RawLook } from './raw-day.js';
import { lookUntilSettled } from './settle.js';

export interface RawStoreOptions {
  /** The raw root; may itself be a link. */
  readonly rawDir: string;
  readonly layout: DayLayout;
  /** Whether a day is ready only once its folder holds `_SUCCESS`. */
  readonly requireSuccessFile: boolean;
}

/** Days looked at side by side: enough to keep the disk busy, few enough to bound open folders. */
const batchSize = 32;

/** The raw root as a folder of day folders. Reads only; follows no link out of the root. */
export function createRawStore(options: RawStoreOptions): RawStore {
  const { rawDir, layout, requireSuccessFile } = options;

  const place = async (root: string, entry: Entry): Promise<RootEntry | null> => {
    try {
      return await classifyRootEntry(root, layout, entry);
    } catch (error) {
      throw unavailable(rawDir, error);
    }
  };

  const look = async (day: Day): Promise<RawLook | null> => {
    const root = await resolveRoot(rawDir);
    const entry = await place(root, { name: day, readable: true });
    return entry?.kind === 'day' ? lookAtDay({ root, ...entry }, requireSuccessFile) : null;
  };

  return {
    async list() {
      const { root, entries } = await readRoot(rawDir);
      const found = await inBatches(entries, (entry) => place(root, entry));
      const places = found
        .flatMap((entry) => (entry?.kind === 'day' ? [{ root, ...entry }] : []))
        .sort((a, b) => layout.compare(a.day, b.day));
      return {
        days: await lookAtDays(places, requireSuccessFile),
        ignored: found.flatMap((entry) =>
          entry?.kind === 'ignored' ? [{ name: entry.name, reason: entry.reason }] : [],
        ),
      };
    },

    async settle(day) {
      const settled = await lookUntilSettled(() => look(day));
      return settled?.raw ?? null;
    },
  };
}

async function readRoot(rawDir: string): Promise<{ root: string; entries: Entry[] }> {
  const root = await resolveRoot(rawDir);
  try {
    return { root, entries: await readEntries(root) };
  } catch (error) {
    throw unavailable(rawDir, error);
  }
}

async function resolveRoot(rawDir: string): Promise<string> {
  try {
    return await realpath(rawDir);
  } catch (error) {
    throw unavailable(rawDir, error);
  }
}

async function lookAtDays(
  places: readonly DayPlace[],
  requireSuccessFile: boolean,
): Promise<RawListing['days']> {
  const looks = await inBatches(places, (each) => lookAtDay(each, requireSuccessFile));
  const days = new Map<Day, RawDay>();
  for (const look of looks) {
    if (look !== null) days.set(look.raw.day, look.raw);
  }
  return days;
}

async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += batchSize) {
    const batch = items.slice(start, start + batchSize);
    results.push(...(await Promise.all(batch.map(work))));
  }
  return results;
}

function unavailable(rawDir: string, cause: unknown): ProblemError {
  const detail = `The raw root ${rawDir} cannot be read: ${describeCause(cause)}.`;
  return new ProblemError('raw-unavailable', detail, { cause });
}
