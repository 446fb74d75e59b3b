/** What the output file holds, day by day, and where each day's canonical bytes are to be had. */
import type { Day } from '../core/day.js';
import type { OutputDay } from '../core/ports.js';
import type { CommitRecord, RecordedDay } from './commit-record.js';

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

/**
 * The contents of a file that was found to be exactly what `record` says. Days that lie where they lay in
 * `before` are the same objects, so that most of a long history costs no more than looking at it.
 */
export function contentsByRecord(
  record: CommitRecord,
  headerBytes: number,
  before: OutputContents = noContents,
): OutputContents {
  const days = new Map<Day, SourcedDay>();
  let offset = headerBytes;
  for (const entry of record.days) {
    if (entry.rows === 0) continue;
    const known = before.days.get(entry.day);
    days.set(entry.day, known && liesAt(known, entry, offset) ? known : sourcedDay(entry, offset));
    offset += entry.sizeBytes;
  }
  return { days, canonical: true };
}

function liesAt({ source, sha256, doubled }: SourcedDay, entry: RecordedDay, offset: number) {
  return (
    source.kind === 'range' &&
    source.offset === offset &&
    sha256 === entry.sha256 &&
    doubled === isDoubled(entry)
  );
}

function sourcedDay(entry: RecordedDay, offset: number): SourcedDay {
  const { rows, items, sizeBytes, sha256 } = entry;
  const source = { kind: 'range', offset, length: sizeBytes } as const;
  return { rows, items, sizeBytes, sha256, doubled: isDoubled(entry), source };
}

function isDoubled({ damage }: RecordedDay): boolean {
  return damage === 'doubled';
}
