import { isDeepStrictEqual } from 'node:util';
import type { RawDay } from '../core/ports/raw.js';
import type { Day } from '../model/day.js';
import type { PathTemplate } from '../model/path-template.js';
import type { StampedPath } from '../stamps/stamp.js';
import { inBatches } from './batches.js';
import { type DayEntry, refuseRepeats } from './day-files.js';
import { gather } from './day-sources.js';
import { fingerprintOf, identityOf, touchesOf } from './fingerprint.js';
import { type Gathered, joined } from './gathered.js';
import type { DaySource, Within } from './place.js';
import { whatItWaitsFor } from './waits-for.js';

/** A day as it was found, and how fresh it is. */
export interface RawLook {
  readonly raw: RawDay;
  readonly sources: readonly DaySource[];
  /** Of the file that changed last, since 1970; 0 without files. */
  readonly newestCtimeMs: number;
  /** While these stamps are unchanged, so is the day. Null if only another look can tell. */
  readonly steady: readonly StampedPath[] | null;
}

/** How a service reads its raw days, as configured. */
export interface DayReading {
  readonly template: PathTemplate;
  /** Whether a day is ready only once its folder holds `_SUCCESS`. */
  readonly requireSuccessFile: boolean;
  /** Whether fingerprints hold inodes and times of the last change, as they do by default. */
  readonly withChangeTimes: boolean;
}

/** Looks at one day; null when it vanished. A folder that cannot be read makes a day that fails. */
export async function lookAtDay(
  within: Within,
  day: Day,
  sources: readonly DaySource[],
  reading: DayReading,
): Promise<RawLook | null> {
  const looked = await inBatches(sources, (source) =>
    gather(within, reading.template, day, source),
  );
  const there = looked.filter((each) => each !== null);
  return there.length === 0 ? null : describeDay(day, sources, joined(there), reading);
}

function describeDay(
  day: Day,
  sources: readonly DaySource[],
  { found, unread, isEmpty, complete, unreadable, folders }: Gathered,
  { template, requireSuccessFile, withChangeTimes }: DayReading,
): RawLook {
  const entries = refuseRepeats(found);
  const accepted = entries.filter((entry) => entry.kind === 'file');
  const files = accepted.map(({ file }) => file);
  const stamps = accepted.map(({ stamp }) => stamp);
  const refused = entries.flatMap((entry) => (entry.kind === 'refused' ? [entry.refused] : []));
  const hasData = entries.length > 0;
  const lacks = { isEmpty, hasData, unread, complete: complete || !requireSuccessFile };
  // Counts as ready, so that a run reports it as failed instead of silently leaving it out.
  const waitsFor = unreadable ? null : whatItWaitsFor(lacks, template);
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
    sources,
    newestCtimeMs: stamps.reduce(
      (newest, { ctimeNs }) => Math.max(newest, Number(ctimeNs / 1_000_000n)),
      0,
    ),
    steady: folders === null ? null : steadyPaths(folders, entries),
  };
}

/** Links can lead elsewhere, and what was refused can become readable, though nothing here changes. */
function steadyPaths(
  folders: readonly StampedPath[],
  found: readonly DayEntry[],
): StampedPath[] | null {
  const paths = [...folders];
  for (const entry of found) {
    if (entry.kind === 'refused' || entry.linked) return null;
    paths.push({ path: entry.file.path, stamp: entry.stamp });
  }
  return paths;
}

/** Whether two looks at a day found exactly the same. */
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
