/** What the output file holds, day by day, and where each day's canonical bytes are to be had. */
import type { Day } from '../model/day.js';
import { DayChunk, DayMap } from '../model/day-map.js';
import type { OutputDay } from '../model/ledger.js';
import type { RecordedDay } from './commit-record.js';

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
 * The contents of a file that was found to be exactly what `ledger` says. Days that lie where they lay in
 * `before` are the same objects, and so are chunks of them, so that most of a long history costs nothing.
 */
export function contentsByLedger(
  ledger: DayMap<RecordedDay>,
  headerBytes: number,
  before: OutputContents = noContents,
): OutputContents {
  let begin = headerBytes;
  const chunks = ledger.chunks.map((chunk) => {
    const known = locatedChunks.get(chunk);
    const located = known?.begin === begin ? known : locate(chunk, begin, before);
    locatedChunks.set(chunk, located);
    begin = located.end;
    return located.chunk;
  });
  const held = chunks.filter((chunk) => chunk !== null);
  return { days: new DayMap(ledger.layout, held), canonical: true };
}

interface LocatedChunk {
  /** Of its first byte in the file, and of the first behind it. */
  readonly begin: number;
  readonly end: number;
  /** Null where none of its days has a row. */
  readonly chunk: DayChunk<SourcedDay> | null;
}

const locatedChunks = new WeakMap<DayChunk<RecordedDay>, LocatedChunk>();

function locate(
  { at, values }: DayChunk<RecordedDay>,
  begin: number,
  before: OutputContents,
): LocatedChunk {
  const held = values.filter(({ rows }) => rows > 0);
  let end = begin;
  const sourced = held.map((entry) => {
    const known = before.days.get(entry.day);
    const day = known && liesAt(known, entry, end) ? known : sourcedDay(entry, end);
    end += entry.sizeBytes;
    return day;
  });
  const days = held.map(({ day }) => day);
  return { begin, end, chunk: held.length === 0 ? null : new DayChunk(at, days, sourced) };
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
