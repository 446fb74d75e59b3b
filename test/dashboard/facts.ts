/** Days and runs as the API answers with them, for tests of what the page makes of them. */
import type { Checkpoint, DayStatus, Run } from '../../src/client/types.js';

const output = { rows: 3, totals: { items_count: 12 }, bytes: 60, sha256: '0'.repeat(64) };

export function dayStatus(day: string, change: Partial<DayStatus> = {}): DayStatus {
  return {
    day,
    state: 'processed',
    pending: false,
    reason: 'its rows are up to date',
    raw: { files: [], bytes: 100, ready: true, refused: [], unread: [] },
    output,
    commit: null,
    lastRun: null,
    lastError: null,
    ...change,
  };
}

export const newDay = (day: string): DayStatus =>
  dayStatus(day, { state: 'new', pending: true, output: null, reason: 'the output lacks it' });

export const archivedDay = (day: string): DayStatus =>
  dayStatus(day, { state: 'archived', raw: null, reason: 'its raw data is gone' });

export const failedDay = (day: string): DayStatus => ({
  ...newDay(day),
  lastError: { code: 'raw-invalid', detail: 'orders.csv is wrong', problems: [], problemCount: 1 },
});

/** With the figures of its days. */
export function runOf(change: Partial<Run> = {}): Run {
  const days = change.days ?? [];
  const outcomes = { added: 0, replaced: 0, unchanged: 0, failed: 0, skipped: 0 };
  for (const { outcome } of days) outcomes[outcome] += 1;
  const sum = (of: (day: Run['days'][number]) => number) =>
    days.reduce((total, day) => total + of(day), 0);
  return {
    progress: null,
    summary: {
      days: days.length,
      outcomes,
      requestedDays: change.requestedDays?.length ?? null,
      records: sum(({ records }) => records ?? 0),
      rows: sum(({ rows }) => rows),
      totals: { items_count: sum(({ totals }) => Number(totals['items_count'])) },
      bytes: sum(({ bytes }) => bytes),
    },
    id: '0198c0de-7e57-7000-8000-000000000001',
    key: null,
    attempt: 1,
    status: 'succeeded',
    select: 'pending',
    requestedDays: null,
    dryRun: false,
    engine: 'scan',
    engineReason: null,
    onDayFailure: 'continue',
    createdAt: '2026-11-25T06:00:00.000Z',
    startedAt: '2026-11-25T06:00:00.000Z',
    finishedAt: '2026-11-25T06:00:01.000Z',
    durationMs: 1000,
    checkpoint: { before: null, after: '3' },
    reading: 'in-sync',
    commit: 1,
    days: [],
    warnings: [],
    error: null,
    ...change,
  };
}

export function runDay(
  day: string,
  change: Partial<Run['days'][number]> = {},
): Run['days'][number] {
  return {
    day,
    state: 'new',
    outcome: 'added',
    records: 5,
    rows: 3,
    totals: { items_count: 12 },
    bytes: 100,
    ...change,
  };
}

export function checkpointOf(change: Partial<Checkpoint> = {}): Checkpoint {
  return {
    day: '2026-11-21',
    highest: '2026-11-21',
    completeThrough: '2026-11-21',
    reading: 'in-sync',
    stored: '2026-11-21',
    storedStatus: 'value',
    output: { days: 3, rows: 9, bytes: 180, version: 2 },
    repaired: false,
    notices: [],
    ...change,
  };
}
