/** What a checkpoint store holds, and how it can be wrong. */

import type { Day } from './day.js';

/** What the core asks of a checkpoint store; `checkpoint/` implements it. */

export type CheckpointKind = 'redis' | 'embedded';

/** What the store held. Text is as found; it need not be a day. */
export type StoredCheckpoint =
  | {
      readonly status: 'value';
      readonly text: string;
      /** The size of the whole value, if `text` is only its beginning. */
      readonly cutFromBytes?: number;
    }
  | { readonly status: 'absent' }
  | { readonly status: 'wrong-type'; readonly type: string }
  | { readonly status: 'unavailable'; readonly reason: string };

export const checkpointReadings = [
  'in-sync',
  'missing',
  'behind',
  'ahead',
  'invalid',
  'wrong-type',
  'unavailable',
  'embedded',
] as const;

export type CheckpointReading = (typeof checkpointReadings)[number];

/** Which day the store should hold. */
export const checkpointRules = ['highest', 'complete'] as const;

export type CheckpointRule = (typeof checkpointRules)[number];

export interface ReachedDays {
  /** The highest processed day that is not rewound; days below it may be pending. */
  readonly highest: Day | null;
  /** The highest day up to which nothing is pending, failed, waiting or damaged. */
  readonly completeThrough: Day | null;
}

export interface CheckpointStatus extends ReachedDays {
  /** The right value for the store: one of the two, by the rule. */
  readonly day: Day | null;
  readonly reading: CheckpointReading;
  readonly stored: StoredCheckpoint;
}
