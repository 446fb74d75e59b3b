/** What a differential record holds, and when a record is one: pure. */
import type { DayLayout } from '../model/day.js';
import type { CommitRecord, RecordedDay, Snapshot } from './commit-record.js';

/**
 * A record this many versions behind the last full one is full again. Less than the number of records that
 * are kept, with room for those who read the head while others commit: what the head builds on is never pruned.
 */
export const snapshotInterval = 40;

/** What the record of `version`, made from `parent`, builds on; null where it has to be full. */
export function snapshotFor(
  parent: CommitRecord | null,
  version: number,
  days: readonly RecordedDay[],
): Snapshot | null {
  if (parent === null) return null;
  const snapshot = parent.snapshot ?? parent;
  if (version - snapshot.version >= snapshotInterval) return null;
  const changed = changedDays(snapshot.days, days);
  // With more than half of the days it would save too little to be worth a second file.
  return changed !== null && changed.length * 2 <= days.length ? snapshot : null;
}

/**
 * The days of `after` that are new or differ from `before`; null where one is gone, which a differential
 * cannot say. Days are compared by identity: one that is merely equal is held once more, and does no harm.
 */
export function changedDays(
  before: readonly RecordedDay[],
  after: readonly RecordedDay[],
): RecordedDay[] | null {
  const changed: RecordedDay[] = [];
  let passed = 0;
  for (const entry of after) {
    const known = before[passed];
    if (known === entry || known?.day === entry.day) passed += 1;
    if (known !== entry) changed.push(entry);
  }
  return passed === before.length ? changed : null;
}

/** The days of a record of which `changed` differ from its snapshot's. All in day order. */
export function withChanges(
  layout: DayLayout,
  snapshot: readonly RecordedDay[],
  changed: readonly RecordedDay[],
): RecordedDay[] {
  const days: RecordedDay[] = [];
  let passed = 0;
  for (const entry of changed) {
    for (let known = snapshot[passed]; known !== undefined; known = snapshot[passed]) {
      const order = layout.compare(known.day, entry.day);
      if (order > 0) break;
      passed += 1;
      if (order === 0) break;
      days.push(known);
    }
    days.push(entry);
  }
  return days.concat(snapshot.slice(passed));
}
