/** Day states, for people: their meaning, and whether they need attention. */
import type { DayState, DayStatus } from '../../client/types.js';
import { count } from '../../client/words.js';

/** In the order of the legend: normal states first, then those that need attention. */
export const stateMeanings: Readonly<Record<DayState, string>> = {
  processed: 'Its rows are up to date.',
  new: 'Its raw files are there; no run has processed it yet.',
  late: 'A later day is processed already; this one is not.',
  changed: 'Its raw files are no longer those it was made from.',
  outdated: 'It was made under another definition.',
  unverified: 'Another program wrote its rows; the next run compares them with its raw files.',
  damaged: 'Another program lost, altered or doubled its rows.',
  rewound: 'Marked to be processed again.',
  waiting: 'Its folder is there, but not ready.',
  archived: 'Its raw folder is gone; its rows stay.',
};

export function needsAttention({ pending, state, lastError }: DayStatus): boolean {
  return pending || state === 'waiting' || state === 'damaged' || lastError !== null;
}

/** What is wrong with a day, in a word; null if nothing is. */
export function markOf(status: DayStatus): DayState | 'failed' | null {
  if (!needsAttention(status)) return null;
  return status.lastError === null ? status.state : 'failed';
}

/** What made a day's rows, and whether they were ever compared with its raw files. */
export function makerOf({ state, commit }: DayStatus): string {
  if (commit !== null && commit.engine !== null) {
    return `the ${commit.engine} engine, from ${count(commit.records ?? 0)} records`;
  }
  switch (state) {
    case 'unverified':
      return 'another program; the next run compares it with its raw files';
    case 'processed':
    case 'changed':
      return 'another program; trusted, and never compared with its raw files';
    default:
      return 'another program; Daymark found it there';
  }
}

/** The text of a screen reader for a day in the strip. */
export function describeDay(status: DayStatus): string {
  const failed = status.lastError !== null ? ', failed the last time' : '';
  const pending = status.pending ? ', pending' : '';
  return `${status.day}: ${status.state}${pending}${failed}`;
}
