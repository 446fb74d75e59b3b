/** Compares what the checkpoint store holds with the right value. Pure. */

import type {
  CheckpointKind,
  CheckpointReading,
  CheckpointRule,
  CheckpointStatus,
  ReachedDays,
  StoredCheckpoint,
} from '../model/checkpoint.js';
import type { Day, DayLayout } from '../model/day.js';

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
