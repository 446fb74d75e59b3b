import type { Day } from '../core/day.js';
import type { RawDay } from '../core/ports.js';
import { classifyDayEntry, isNamedLikeData, refuseRepeats } from './day-files.js';
import { describeCause, type Entry, isGone, readEntries } from './entries.js';
import { fingerprintOf, identityOf } from './fingerprint.js';

/** A day as it was found, and how fresh it is. */
export interface RawLook {
  readonly raw: RawDay;
  /** Of the file that changed last, since 1970; 0 without files. */
  readonly newestCtimeMs: number;
}

export interface DayPlace {
  readonly root: string;
  readonly day: Day;
  /** With links resolved. */
  readonly folder: string;
}

/** Looks at one day's folder; null when it vanished. A folder that cannot be read makes a day that fails. */
export async function lookAtDay(
  place: DayPlace,
  requireSuccessFile: boolean,
): Promise<RawLook | null> {
  let entries: Entry[];
  try {
    entries = await readEntries(place.folder);
  } catch (error) {
    return isGone(error) ? null : unreadableDay(place.day, error);
  }
  const complete = !requireSuccessFile || entries.some(({ name }) => name === '_SUCCESS');
  return describeDay(place, entries, complete);
}

async function describeDay(
  { root, day, folder }: DayPlace,
  entries: readonly Entry[],
  complete: boolean,
): Promise<RawLook> {
  const named = entries.filter(({ name }) => isNamedLikeData(name));
  const looked = await Promise.all(named.map((entry) => classifyDayEntry(root, folder, entry)));
  const found = refuseRepeats(looked.filter((entry) => entry !== null));

  const accepted = found.filter((entry) => entry.kind === 'file');
  const files = accepted.map(({ file }) => file);
  const stamps = accepted.map(({ stamp }) => stamp);
  const refused = found.flatMap((entry) => (entry.kind === 'refused' ? [entry.refused] : []));
  return {
    raw: {
      day,
      ready: found.length > 0 && complete,
      files,
      refused,
      fingerprint: fingerprintOf(files, refused),
      identity: identityOf(stamps, refused),
    },
    newestCtimeMs: stamps.reduce(
      (newest, { ctimeNs }) => Math.max(newest, Number(ctimeNs / 1_000_000n)),
      0,
    ),
  };
}

/** Ready, so that a run takes it and fails it by name instead of leaving it out in silence. */
function unreadableDay(day: Day, error: unknown): RawLook {
  const reason = `The day's folder cannot be read: ${describeCause(error)}. Mend its permissions.`;
  const refused = [{ name: day, reason }];
  return {
    raw: {
      day,
      ready: true,
      files: [],
      refused,
      fingerprint: fingerprintOf([], refused),
      identity: identityOf([], refused),
    },
    newestCtimeMs: 0,
  };
}
