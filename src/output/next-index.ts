/** The index after a commit: pure. Which days the new output holds, from where, and what is known of each. */
import { isDeepStrictEqual } from 'node:util';
import type { OutputChange, StoredBytes } from '../core/ports/output.js';
import type { OutputShape } from '../model/column.js';
import { type Day, layoutOf, mergeDays } from '../model/day.js';
import type { Damage, LedgerDay } from '../model/ledger.js';
import { noTotals } from '../model/totals.js';
import type { RecordedDay } from './commit-record.js';
import type { DaySource, OutputContents, SourcedDay } from './contents.js';

export type NextSource =
  | DaySource
  /** Beyond what memory is to hold. */
  | { readonly kind: 'stored'; readonly bytes: StoredBytes };

export interface NextIndex {
  /** In day order. A day of which nothing new is known is the same object as in the ledger. */
  readonly days: readonly RecordedDay[];
  /** Where the bytes of each day with rows come from, in day order. */
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
  readonly shape: OutputShape;
  readonly contents: OutputContents;
  readonly ledger: ReadonlyMap<Day, RecordedDay>;
  readonly change: OutputChange;
  readonly stamp: CommitStamp;
}

export function nextIndex(input: IndexInput): NextIndex {
  const { contents, ledger, change } = input;
  const days: RecordedDay[] = [];
  const sources: NextSource[] = [];
  let unchanged = true;
  let bytesChange = !contents.canonical;
  for (const day of knownDays(input)) {
    const found = contents.days.get(day);
    const before = ledger.get(day);
    const made = replacedEntry(input, day) ?? keptEntry(input, day, before, found);
    const entry = withMark(made, change.mark);
    days.push(entry);
    unchanged &&= sameEntry(entry, before);
    bytesChange ||= found === undefined ? entry.rows > 0 : found.sha256 !== entry.sha256;
    const source = sourceOf(input, day, found);
    if (source !== null) sources.push(source);
  }
  return { days, sources, bytesChange, unchanged };
}

/** Nothing is ever forgotten: the days of the output, of the ledger and of the change. */
function knownDays({ shape, contents, ledger, change }: IndexInput): readonly Day[] {
  const layout = layoutOf(shape.dayKind);
  const replaced = [...change.replace.keys()].sort(layout.compare);
  const held = mergeDays(layout, [...contents.days.keys()], [...ledger.keys()]);
  return mergeDays(layout, held, replaced);
}

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
    if (before.rows === 0) return before;
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
