/** Day states, for people: a word, a sentence, and whether it calls for attention. */
import type { DayState, DayStatus } from '../api/types.js';
import { count } from './words.js';

interface StateWords {
  readonly name: string;
  readonly meaning: string;
}

export const stateWords: Readonly<Record<DayState, StateWords>> = {
  processed: { name: 'processed', meaning: 'Its rows are up to date.' },
  new: { name: 'new', meaning: 'Its raw files are there; no run has taken it yet.' },
  late: { name: 'late', meaning: 'A later day is processed already; this one is not.' },
  changed: { name: 'changed', meaning: 'Its raw files are no longer those it was made from.' },
  outdated: { name: 'outdated', meaning: 'It was made with other ignored columns.' },
  unverified: {
    name: 'unverified',
    meaning: 'Someone else wrote its rows; the next run compares them with its raw files.',
  },
  damaged: { name: 'damaged', meaning: 'Its rows were lost, altered or doubled by someone else.' },
  rewound: { name: 'rewound', meaning: 'Marked to be made again.' },
  waiting: { name: 'waiting', meaning: 'Its folder is there, but not ready.' },
  archived: { name: 'archived', meaning: 'Its raw folder is gone; its rows stay.' },
};

/** In the order of the legend: the usual first, then what a person should look at. */
export const stateOrder: readonly DayState[] = [
  'processed',
  'new',
  'late',
  'changed',
  'outdated',
  'unverified',
  'damaged',
  'rewound',
  'waiting',
  'archived',
];

export function needsAttention({ pending, state, lastError }: DayStatus): boolean {
  return pending || state === 'waiting' || state === 'damaged' || lastError !== null;
}

/** Whether the newest run that touched the day could not take it. */
export function hasFailed({ lastError }: DayStatus): boolean {
  return lastError !== null;
}

/** Who made a day's rows, and whether they were ever held against its raw files. */
export function makerOf({ state, commit }: DayStatus): string {
  if (commit !== null && commit.engine !== null) {
    return `the ${commit.engine} engine, from ${count(commit.orders ?? 0)} orders`;
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
  const failed = hasFailed(status) ? ', failed the last time' : '';
  const pending = status.pending ? ', pending' : '';
  return `${status.day}: ${stateWords[status.state].name}${pending}${failed}`;
}
