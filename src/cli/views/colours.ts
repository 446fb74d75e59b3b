import type { DayState } from '../../model/day-state.js';
import type { DayOutcome, RunStatus } from '../../model/run.js';
import type { Style } from '../console.js';

/** The text always says the same. */
export const stateStyles: Record<DayState, Style> = {
  processed: 'green',
  new: 'cyan',
  late: 'yellow',
  changed: 'yellow',
  outdated: 'yellow',
  unverified: 'yellow',
  rewound: 'yellow',
  damaged: 'red',
  waiting: 'dim',
  archived: 'dim',
};

export const outcomeStyles: Record<DayOutcome, Style> = {
  added: 'green',
  replaced: 'yellow',
  unchanged: 'dim',
  failed: 'red',
  skipped: 'dim',
};

export const statusStyles: Record<RunStatus, Style> = {
  queued: 'dim',
  running: 'cyan',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'yellow',
  interrupted: 'yellow',
};
