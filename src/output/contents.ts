/** What the output file holds, day by day, and where each day's canonical bytes are to be had. */
import type { Day } from '../core/day.js';
import type { OutputDay } from '../core/ports.js';
import type { CommitRecord } from './commit-record.js';

export type DaySource =
  /** A range of the output file, already in canonical form. */
  | { readonly kind: 'range'; readonly offset: number; readonly length: number }
  /** Made canonical while the file was read: someone else had written it in another form. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

export interface SourcedDay extends OutputDay {
  readonly source: DaySource;
}

export interface OutputContents {
  /** Days with at least one row, in day order. */
  readonly days: ReadonlyMap<Day, SourcedDay>;
  /** Whether the file as it lies there is header and days in canonical form, and nothing else. */
  readonly canonical: boolean;
}

export const noContents: OutputContents = { days: new Map(), canonical: false };

/** The contents of a file that was found to be exactly what `record` says. */
export function contentsByRecord(record: CommitRecord): OutputContents {
  const days = new Map<Day, SourcedDay>();
  for (const { day, offset, sizeBytes, rows, items, sha256, damage } of record.days) {
    if (rows === 0) continue;
    const source = { kind: 'range', offset, length: sizeBytes } as const;
    days.set(day, { rows, items, sizeBytes, sha256, doubled: damage === 'doubled', source });
  }
  return { days, canonical: true };
}
