/** The index after a commit: pure. Which days the new output holds, from where, and what is known of each. */
import { isDeepStrictEqual } from 'node:util';
import type { OutputChange, StoredBytes } from '../core/ports/output.js';
import { namesOf, type OutputShape } from '../model/column.js';
import { type Day, layoutOf } from '../model/day.js';
import { chunkNumbers, type DayChunk, DayMap, daysIn, oncePer } from '../model/day-map.js';
import type { Damage, LedgerDay } from '../model/ledger.js';
import { noTotals } from '../model/totals.js';
import type { RecordedDay } from './commit-record.js';
import { coalesce, type DaySource, type OutputContents, type SourcedDay } from './contents.js';

export type NextSource =
  | DaySource
  /** Beyond what memory is to hold. */
  | { readonly kind: 'stored'; readonly bytes: StoredBytes };

export interface NextIndex {
  /** In day order. A day of which nothing new is known is the same object as in the ledger. */
  readonly days: readonly RecordedDay[];
  /** Where the bytes of the days come from, in their order. */
  readonly sources: readonly NextSource[];
  /** Whether the file must be rewritten. */
  readonly bytesChange: boolean;
  /** Whether the head record says all this already. */
  readonly unchanged: boolean;
}

export interface CommitStamp {
  readonly version: number;
  readonly committedAt: string;
}

export interface IndexInput {
  /** The columns that the output is to have, and those that it has. */
  readonly shape: OutputShape;
  readonly found: OutputShape;
  readonly contents: OutputContents;
  readonly ledger: ReadonlyMap<Day, RecordedDay>;
  readonly change: OutputChange;
  readonly stamp: CommitStamp;
}

/** Nothing is ever forgotten: the days of the output, of the ledger and of the change. */
export function nextIndex(input: IndexInput): NextIndex {
  const layout = layoutOf(input.shape.dayKind);
  const contents = DayMap.of(layout, input.contents.days);
  const ledger = DayMap.of(layout, input.ledger);
  const replaced = [...input.change.replace].sort(([a], [b]) => layout.compare(a, b));
  const replace = DayMap.of(layout, new Map(replaced));
  const marked = new Set([...input.change.mark].map(layout.chunk));
  const hasSameNames = isDeepStrictEqual(namesOf(input.shape), namesOf(input.found));
  const bytesChange = !input.contents.canonical || !hasSameNames;
  const index = { days: [], sources: [], bytesChange, unchanged: true };
  for (const at of chunkNumbers([contents, ledger, replace])) {
    const [found, before, next] = [contents.chunk(at), ledger.chunk(at), replace.chunk(at)];
    const isTouched = next !== undefined || marked.has(at) || !hasSameNames;
    if (isTouched || !keepWhole(index, found, before)) {
      for (const day of daysIn(layout, [found, before, next])) {
        take(index, input, day, found?.get(day), before?.get(day));
      }
    }
  }
  return index;
}

interface Growing {
  readonly days: RecordedDay[];
  readonly sources: NextSource[];
  bytesChange: boolean;
  unchanged: boolean;
}

function take(
  index: Growing,
  input: IndexInput,
  day: Day,
  found: SourcedDay | undefined,
  before: RecordedDay | undefined,
): void {
  const made = replacedEntry(input, day) ?? keptEntry(input, day, before, found);
  const entry = withMark(made, input.change.mark);
  index.days.push(entry);
  index.unchanged &&= sameEntry(entry, before);
  index.bytesChange ||= found === undefined ? entry.rows > 0 : found.sha256 !== entry.sha256;
  const source = sourceOf(input, day, found);
  if (source !== null) index.sources.push(source);
}

/** False where the output does not hold exactly what the ledger says: then its days are taken one by one. */
function keepWhole(
  { days, sources }: Growing,
  found: DayChunk<SourcedDay> | undefined,
  before: DayChunk<RecordedDay> | undefined,
): boolean {
  if (found === undefined || before === undefined || !agree(found, before)) return false;
  days.push(...before.values);
  sources.push(...piecesOf(found));
  return true;
}

function agree(found: DayChunk<SourcedDay>, before: DayChunk<RecordedDay>): boolean {
  if (agreeing.get(found) === before) return true;
  const held = before.values.filter(({ rows }) => rows > 0);
  const isSame =
    held.length === found.days.length &&
    held.every(({ day, sha256 }) => found.get(day)?.sha256 === sha256);
  if (isSame) agreeing.set(found, before);
  return isSame;
}

const agreeing = new WeakMap<DayChunk<SourcedDay>, DayChunk<RecordedDay>>();

const piecesOf = oncePer(({ values }: DayChunk<SourcedDay>) =>
  coalesce(values.map(({ source }) => source)),
);

function replacedEntry(
  { contents, ledger, change, stamp }: IndexInput,
  day: Day,
): RecordedDay | null {
  const replaced = change.replace.get(day);
  if (replaced === undefined) return null;
  const { encoded, records, fingerprint } = replaced;
  const { rows, totals, sha256 } = encoded;
  const entry: RecordedDay = {
    day,
    rows,
    totals,
    sha256,
    sizeBytes: encoded.bytes.length,
    records,
    fingerprint,
    adopted: null,
    definition: change.definition,
    reprocess: false,
    damage: null,
    ...stampOf(change, stamp),
    engine: change.engine,
  };
  const before = ledger.get(day);
  const intact = (contents.days.get(day)?.sha256 ?? null) === (rows > 0 ? sha256 : null);
  // A day that comes out as it was keeps the commit that wrote it.
  return before !== undefined && intact && saysTheSame(before, entry) ? before : entry;
}

function keptEntry(
  { shape, change, stamp }: IndexInput,
  day: Day,
  before: RecordedDay | undefined,
  found: SourcedDay | undefined,
): RecordedDay {
  if (before === undefined) return adoptedEntry(day, found, change, stamp);
  if (found === undefined) {
    if (before.rows === 0) return emptyIn(shape, before);
    return { ...before, ...nothing(shape), damage: 'lost' };
  }
  if (found.sha256 === before.sha256) return before;
  return { ...before, ...measureOf(found), damage: found.doubled ? 'doubled' : 'altered' };
}

function adoptedEntry(
  day: Day,
  found: SourcedDay | undefined,
  change: OutputChange,
  stamp: CommitStamp,
): RecordedDay {
  if (found === undefined) throw new Error('a day is neither in the output nor in the ledger');
  const damage: Damage | null = found.doubled ? 'doubled' : null;
  const trusted = change.adopt.get(day);
  return {
    day,
    ...measureOf(found),
    records: null,
    fingerprint: trusted ?? null,
    adopted: trusted === undefined ? 'unverified' : 'trusted',
    definition: trusted === undefined ? null : change.definition,
    reprocess: false,
    damage,
    ...stampOf(change, stamp),
    engine: null,
  };
}

function sourceOf(
  { change }: IndexInput,
  day: Day,
  found: SourcedDay | undefined,
): NextSource | null {
  const replaced = change.replace.get(day);
  if (replaced === undefined) return found?.source ?? null;
  const { bytes } = replaced.encoded;
  if (bytes.length === 0) return null;
  return Buffer.isBuffer(bytes) ? { kind: 'bytes', bytes } : { kind: 'stored', bytes };
}

/** SHA-256 of nothing. */
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function nothing(shape: OutputShape) {
  return { rows: 0, totals: noTotals(shape), sizeBytes: 0, sha256: emptySha256 };
}

/** Its totals are told by the measures that there are. */
function emptyIn(shape: OutputShape, before: RecordedDay): RecordedDay {
  const totals = noTotals(shape);
  return isDeepStrictEqual(before.totals, totals) ? before : { ...before, totals };
}

function measureOf({ rows, totals, sizeBytes, sha256 }: SourcedDay) {
  return { rows, totals, sizeBytes, sha256 };
}

function stampOf({ runId }: OutputChange, stamp: CommitStamp) {
  return { ...stamp, runId };
}

function withMark(entry: RecordedDay, mark: ReadonlySet<Day>): RecordedDay {
  return mark.has(entry.day) && !entry.reprocess ? { ...entry, reprocess: true } : entry;
}

function saysTheSame(a: LedgerDay, b: LedgerDay): boolean {
  return (
    a.sha256 === b.sha256 &&
    a.rows === b.rows &&
    // Of the same rows, they tell below which names these stand.
    isDeepStrictEqual(a.totals, b.totals) &&
    a.records === b.records &&
    a.adopted === b.adopted &&
    a.definition === b.definition &&
    a.reprocess === b.reprocess &&
    a.damage === b.damage &&
    // To the last detail: a day that was read again is on record with what shows the next touch.
    isDeepStrictEqual(a.fingerprint, b.fingerprint)
  );
}

/** What a kept entry can differ in from the head's: a mark, or damage found since. */
function sameEntry(entry: RecordedDay, head: RecordedDay | undefined): boolean {
  if (entry === head) return true;
  return (
    head !== undefined &&
    entry.version === head.version &&
    entry.runId === head.runId &&
    entry.sha256 === head.sha256 &&
    entry.reprocess === head.reprocess &&
    entry.damage === head.damage
  );
}
