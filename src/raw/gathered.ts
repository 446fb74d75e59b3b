import type { UnreadEntry } from '../core/ports/raw.js';
import type { StampedPath } from '../stamps/stamp.js';
import type { DayEntry } from './day-files.js';

/** What was found in one place of a day, or in all of them. */
export interface Gathered {
  readonly found: readonly DayEntry[];
  readonly unread: readonly UnreadEntry[];
  readonly isEmpty: boolean;
  /** Whether `_SUCCESS` lies in the day's folder. */
  readonly complete: boolean;
  /** Whether a whole folder of the day could not be read: then the day fails, and does not wait. */
  readonly unreadable: boolean;
  /** While these stamps are unchanged, so are the names. Null if only another look can tell. */
  readonly folders: readonly StampedPath[] | null;
}

export const nothing: Gathered = {
  found: [],
  unread: [],
  isEmpty: false,
  complete: false,
  unreadable: false,
  folders: null,
};

/** All that several places hold, by name. */
export function joined(all: readonly Gathered[]): Gathered {
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return only;
  return {
    found: byName(
      all.flatMap(({ found }) => found),
      (entry) => (entry.kind === 'file' ? entry.file.name : entry.refused.name),
    ),
    unread: byName(
      all.flatMap(({ unread }) => unread),
      ({ name }) => name,
    ),
    isEmpty: all.every(({ isEmpty }) => isEmpty),
    complete: all.some(({ complete }) => complete),
    unreadable: all.some(({ unreadable }) => unreadable),
    folders: all.some(({ folders }) => folders === null)
      ? null
      : all.flatMap(({ folders }) => folders ?? []),
  };
}

function byName<Each>(all: Each[], nameOf: (each: Each) => string): Each[] {
  return all.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
