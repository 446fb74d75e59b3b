import { isDeepStrictEqual } from 'node:util';
import type { RawDay, UnreadEntry } from '../core/ports/raw.js';
import type { Day } from '../model/day.js';
import { type StampedPath, stampOf } from '../stamps/stamp.js';
import { type Ground, isSteady } from '../stamps/steady.js';
import { inBatches } from './batches.js';
import { classifyDayEntry, type DayEntry, isNamedLikeData, refuseRepeats } from './day-files.js';
import type { DayFolder } from './day-folders.js';
import { describeCause, type Entry, isGone, readEntries } from './entries.js';
import { fingerprintOf, identityOf, touchesOf } from './fingerprint.js';
import { lstat } from './look-at.js';
import { describeUnread } from './unread.js';
import { whatItWaitsFor } from './waits-for.js';

/** A day as it was found, and how fresh it is. */
export interface RawLook {
  readonly raw: RawDay;
  /** Of the file that changed last, since 1970; 0 without files. */
  readonly newestCtimeMs: number;
  /** As long as these are as they were, so is the day. Null where only another look can tell. */
  readonly steady: readonly StampedPath[] | null;
}

export interface DayPlace extends Pick<DayFolder, 'day' | 'folder' | 'linked'> {
  readonly root: string;
  readonly ground: Ground;
}

/** How a service reads its raw days, as configured. */
export interface DayReading {
  /** Whether a day is ready only once its folder holds `_SUCCESS`. */
  readonly requireSuccessFile: boolean;
  /** Whether fingerprints hold inodes and times of the last change, as they do by default. */
  readonly withChangeTimes: boolean;
}

/** Looks at one day's folder; null when it vanished. A folder that cannot be read makes a day that fails. */
export async function lookAtDay(place: DayPlace, reading: DayReading): Promise<RawLook | null> {
  let stamped: StampedFolder | null = null;
  let entries: Entry[];
  try {
    stamped = await stampFolder(place);
    entries = await readEntries(place.folder);
  } catch (error) {
    return isGone(error) ? null : unreadableDay(place.day, error);
  }
  return describeDay(place, entries, reading, stamped);
}

interface StampedFolder extends StampedPath {
  /** Since 1970. */
  readonly seenAtMs: number;
}

/** As it is before it is read. Null where its stamp could tell nothing. */
async function stampFolder({ folder, linked, ground }: DayPlace): Promise<StampedFolder | null> {
  if (linked || ground.dev === null) return null;
  const seenAtMs = Date.now();
  return { path: folder, stamp: stampOf(await lstat(folder)), seenAtMs };
}

async function describeDay(
  place: DayPlace,
  entries: readonly Entry[],
  { requireSuccessFile, withChangeTimes }: DayReading,
  stamped: StampedFolder | null,
): Promise<RawLook> {
  const { root, day, folder } = place;
  const complete = entries.some(({ name }) => name === '_SUCCESS');
  const named = entries.filter(({ name }) => isNamedLikeData(name));
  const looked = await Promise.all(named.map((entry) => classifyDayEntry(root, folder, entry)));
  const found = refuseRepeats(looked.filter((entry) => entry !== null));

  const unread = await unreadIn(folder, entries);

  const accepted = found.filter((entry) => entry.kind === 'file');
  const files = accepted.map(({ file }) => file);
  const stamps = accepted.map(({ stamp }) => stamp);
  const refused = found.flatMap((entry) => (entry.kind === 'refused' ? [entry.refused] : []));
  const waitsFor = whatItWaitsFor({
    entries,
    hasData: found.length > 0,
    unread,
    complete: complete || !requireSuccessFile,
  });
  return {
    raw: {
      day,
      ready: waitsFor === null,
      waitsFor,
      complete,
      files,
      refused,
      unread,
      fingerprint: fingerprintOf(files, refused, withChangeTimes ? touchesOf(stamps) : undefined),
      identity: identityOf(stamps, refused),
    },
    newestCtimeMs: stamps.reduce(
      (newest, { ctimeNs }) => Math.max(newest, Number(ctimeNs / 1_000_000n)),
      0,
    ),
    steady: stamped === null ? null : steadyPaths(stamped, place, found),
  };
}

async function unreadIn(folder: string, entries: readonly Entry[]): Promise<UnreadEntry[]> {
  const others = entries.filter(({ name }) => !isNamedLikeData(name));
  const found = await inBatches(others, (entry) => describeUnread(folder, entry));
  return found.filter((entry) => entry !== null);
}

/** Links can lead elsewhere, and what was refused can become readable, though nothing here changes. */
function steadyPaths(
  { path, stamp, seenAtMs }: StampedFolder,
  { ground }: DayPlace,
  found: readonly DayEntry[],
): StampedPath[] | null {
  if (!isSteady(stamp, seenAtMs, ground)) return null;
  const paths = [{ path, stamp }];
  for (const entry of found) {
    if (entry.kind === 'refused' || entry.linked) return null;
    paths.push({ path: entry.file.path, stamp: entry.stamp });
  }
  return paths;
}

/** Whether two looks at a day saw the same, to the last detail that is ever told of it. */
export function sawTheSame({ raw: a }: RawLook, { raw: b }: RawLook): boolean {
  return (
    a.identity === b.identity &&
    a.waitsFor === b.waitsFor &&
    a.complete === b.complete &&
    isDeepStrictEqual(a.unread, b.unread) &&
    a.files.every(({ path }, index) => path === b.files[index]?.path) &&
    a.refused.every(({ reason }, index) => reason === b.refused[index]?.reason)
  );
}

/** Ready, so that a run takes it and fails it by name instead of leaving it out in silence. */
function unreadableDay(day: Day, error: unknown): RawLook {
  const reason = `The day's folder cannot be read: ${describeCause(error)}. Fix its permissions.`;
  const refused = [{ name: day, reason }];
  return {
    raw: {
      day,
      ready: true,
      waitsFor: null,
      complete: false,
      files: [],
      refused,
      unread: [],
      fingerprint: fingerprintOf([], refused),
      identity: identityOf([], refused),
    },
    newestCtimeMs: 0,
    steady: null,
  };
}
