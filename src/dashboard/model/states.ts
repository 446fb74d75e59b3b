/** Day states, for people: what it means, and whether it calls for attention. */
import type { DayState, DayStatus } from '../../client/types.js';
import { count } from '../../client/words.js';

/** In the order of the legend: the usual first, then what a person should look at. */
export const stateMeanings: Readonly<Record<DayState, string>> = {
  processed: 'Its rows are up to date.',
  new: 'Its raw files are there; no run has taken it yet.',
  late: 'A later day is processed already; this one is not.',
  changed: 'Its raw files are no longer those it was made from.',
  outdated: 'It was made under another definition.',
  unverified: 'Someone else wrote its rows; the next run compares them with its raw files.',
  damaged: 'Its rows were lost, altered or doubled by someone else.',
  rewound: 'Marked to be made again.',
  waiting: 'Its folder is there, but not ready.',
  archived: 'Its raw folder is gone; its rows stay.',
};

export function needsAttention({ pending, state, lastError }: DayStatus): boolean {
  return pending || state === 'waiting' || state === 'damaged' || lastError !== null;
}

/** Why a day is not as it should be, in a word; null where it is. */
export function markOf(status: DayStatus): DayState | 'failed' | null {
  if (!needsAttention(status)) return null;
  return status.lastError === null ? status.state : 'failed';
}

/** Who made a day's rows, and whether they were ever held against its raw files. */
export function makerOf({ state, commit }: DayStatus): string {
  if (commit !== null && commit.engine !== null) {
    return `the ${commit.engine} engine, from ${count(commit.records ?? 0)} records`;
  }
  switch (state) {
    case 'unverified':
      return 'someone else; the next run compares it with its raw files';
    case 'processed':
    case 'changed':
      return 'someone else; trusted, and never compared with its raw files';
    default:
      return 'someone else; Daymark found it there';
  }
}

/** What a screen reader says of a day in the strip. */
export function describeDay(status: DayStatus): string {
  const failed = status.lastError !== null ? ', failed the last time' : '';
  const pending = status.pending ? ', pending' : '';
  return `${status.day}: ${status.state}${pending}${failed}`;
}
