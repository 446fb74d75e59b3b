/** What the checkpoint store holds, against what it should hold: pure. */
import type { Day, DayLayout } from './day.js';
import type { CheckpointKind, StoredCheckpoint } from './ports/checkpoint.js';

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

/** Which day the store is to hold. */
export const checkpointRules = ['highest', 'complete'] as const;
export type CheckpointRule = (typeof checkpointRules)[number];

export interface ReachedDays {
  /** The highest processed day that is not rewound; days below it may be pending. */
  readonly highest: Day | null;
  /** The highest day up to which nothing is pending, failed, waiting or damaged. */
  readonly completeThrough: Day | null;
}

export interface CheckpointStatus extends ReachedDays {
  /** What the store should hold: one of the two, by the rule. */
  readonly day: Day | null;
  readonly reading: CheckpointReading;
  readonly stored: StoredCheckpoint;
}

/** Put this into the checkpoint store, if it still holds what was read. */
export interface CheckpointRepair {
  readonly expected: string | null;
  readonly next: Day | null;
}

export interface KeptCheckpoint {
  readonly kind: CheckpointKind;
  readonly stored: StoredCheckpoint;
}

export interface ReadCheckpoint {
  readonly checkpoint: CheckpointStatus;
  readonly repair: CheckpointRepair | null;
}

export function readCheckpoint(
  layout: DayLayout,
  rule: CheckpointRule,
  reached: ReachedDays,
  { kind, stored }: KeptCheckpoint,
): ReadCheckpoint {
  const day = rule === 'complete' ? reached.completeThrough : reached.highest;
  const inSync = kind === 'embedded' ? 'embedded' : 'in-sync';
  const status = (reading: CheckpointReading) => ({ day, ...reached, reading, stored });
  const repaired = (reading: CheckpointReading, expected: string | null) => ({
    checkpoint: status(reading),
    repair: { expected, next: day },
  });

  switch (stored.status) {
    case 'unavailable':
      return { checkpoint: status('unavailable'), repair: null };
    case 'wrong-type':
      return { checkpoint: status('wrong-type'), repair: null };
    case 'absent':
      return day === null
        ? { checkpoint: status(inSync), repair: null }
        : repaired('missing', null);
    case 'value': {
      const found = layout.parse(stored.text);
      if (found === null) return repaired('invalid', stored.text);
      if (found === day) return { checkpoint: status(inSync), repair: null };
      const ahead = day === null || layout.compare(found, day) > 0;
      return repaired(ahead ? 'ahead' : 'behind', stored.text);
    }
    default:
      return stored satisfies never;
  }
}
