/** What the output file holds, day by day, and where each day's canonical bytes are to be had. */
import { type Day, layoutOf } from '../model/day.js';
import { DayMap } from '../model/day-map.js';
import type { OutputDay } from '../model/ledger.js';
import type { CommitRecord, RecordedDay } from './commit-record.js';

/** A range of the output file, already in canonical form. */
export interface FileRange {
  readonly kind: 'range';
  readonly offset: number;
  readonly length: number;
}

export type DaySource =
  | FileRange
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
  const layout = layoutOf(record.layout);
  const known = DayMap.of(layout, before.days);
  const held = record.days.filter(({ rows }) => rows > 0);
  let offset = headerBytes;
  const sourced = held.map((entry) => {
    const earlier = known.get(entry.day);
    const isThere = earlier !== undefined && liesAt(earlier, entry, offset);
    const day = isThere ? earlier : sourcedDay(entry, offset);
    offset += entry.sizeBytes;
    return day;
  });
  const names = held.map(({ day }) => day);
  return { days: DayMap.from(layout, names, sourced, known), canonical: true };
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
  const { rows, totals, sizeBytes, sha256 } = entry;
  const source = { kind: 'range', offset, length: sizeBytes } as const;
  return { rows, totals, sizeBytes, sha256, doubled: isDoubled(entry), source };
}

function isDoubled({ damage }: RecordedDay): boolean {
  return damage === 'doubled';
}

/** Days that lie next to each other are one range: appending a day copies the rest at once. */
export function coalesce<Source extends { readonly kind: string }>(
  sources: readonly (Source | FileRange)[],
): (Source | FileRange)[] {
  const pieces: (Source | FileRange)[] = [];
  let open: { kind: 'range'; offset: number; length: number } | null = null;
  for (const source of sources) {
    const range = isRange(source) ? source : null;
    if (range !== null && open !== null && open.offset + open.length === range.offset) {
      open.length += range.length;
      continue;
    }
    open = range === null ? null : { ...range };
    pieces.push(open ?? source);
  }
  return pieces;
}

function isRange(source: { readonly kind: string }): source is FileRange {
  return source.kind === 'range';
}
