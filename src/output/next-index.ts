/** The index after a commit: pure. Which days the new output holds, from where, and what is known of each. */
import type { Day, DayLayout } from '../core/day.js';
import type { Damage, LedgerDay, OutputChange } from '../core/ports.js';
import { sameFingerprint } from '../core/reconcile.js';
import type { IndexedDay } from './commit-record.js';
import type { DaySource, OutputContents, SourcedDay } from './contents.js';

export interface NextIndex {
  readonly days: readonly IndexedDay[];
  /** Where the bytes of each day with rows come from, in day order. */
  readonly sources: readonly DaySource[];
  /** Whether the file must be written anew. */
  readonly bytesChange: boolean;
  /** Whether the head record says all this already. */
  readonly unchanged: boolean;
}

export interface CommitStamp {
  readonly version: number;
  readonly committedAt: string;
}

export interface IndexInput {
  readonly layout: DayLayout;
  readonly headerBytes: number;
  readonly contents: OutputContents;
  readonly ledger: ReadonlyMap<Day, LedgerDay>;
  readonly change: OutputChange;
  readonly stamp: CommitStamp;
}

export function nextIndex(input: IndexInput): NextIndex {
  const { contents, ledger, change, layout } = input;
  const known = [...new Set([...contents.days.keys(), ...ledger.keys(), ...change.replace.keys()])];
  known.sort(layout.compare);

  const days: IndexedDay[] = [];
  const sources: DaySource[] = [];
  let offset = input.headerBytes;
  for (const day of known) {
    const entry = withMark(replacedEntry(input, day) ?? keptEntry(input, day), day, change.mark);
    days.push({ ...entry, day, offset });
    offset += entry.sizeBytes;
    const source = sourceOf(input, day);
    if (source !== null) sources.push(source);
  }
  return {
    days,
    sources,
    bytesChange: !contents.canonical || days.some((entry) => movesBytes(contents, entry)),
    unchanged:
      days.length === ledger.size && days.every((entry) => sameEntry(entry, ledger.get(entry.day))),
  };
}

function replacedEntry(
  { contents, ledger, change, stamp }: IndexInput,
  day: Day,
): LedgerDay | null {
  const replaced = change.replace.get(day);
  if (replaced === undefined) return null;
  const { encoded, orders, fingerprint } = replaced;
  const { rows, items, sha256 } = encoded;
  const entry: LedgerDay = {
    rows,
    items,
    sha256,
    sizeBytes: encoded.bytes.length,
    orders,
    fingerprint,
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

function keptEntry({ contents, ledger, change, stamp }: IndexInput, day: Day): LedgerDay {
  const found = contents.days.get(day);
  const before = ledger.get(day);
  if (before === undefined) return adoptedEntry(found, change.adopt.get(day), change, stamp);
  if (found === undefined) {
    if (before.rows === 0) return before;
    return { ...before, rows: 0, items: 0, sizeBytes: 0, sha256: emptySha256, damage: 'lost' };
  }
  if (found.sha256 === before.sha256) return before;
  return { ...before, ...measureOf(found), damage: found.doubled ? 'doubled' : 'altered' };
}

function adoptedEntry(
  found: SourcedDay | undefined,
  fingerprint: LedgerDay['fingerprint'] | undefined,
  change: OutputChange,
  stamp: CommitStamp,
): LedgerDay {
  if (found === undefined) throw new Error('a day is neither in the output nor in the ledger');
  const damage: Damage | null = found.doubled ? 'doubled' : null;
  return {
    ...measureOf(found),
    orders: null,
    fingerprint: fingerprint ?? null,
    reprocess: false,
    damage,
    ...stampOf(change, stamp),
    engine: null,
  };
}

function sourceOf({ contents, change }: IndexInput, day: Day): DaySource | null {
  const replaced = change.replace.get(day);
  if (replaced === undefined) return contents.days.get(day)?.source ?? null;
  const { bytes } = replaced.encoded;
  return bytes.length > 0 ? { kind: 'bytes', bytes } : null;
}

/** SHA-256 of nothing. */
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function measureOf({ rows, items, sizeBytes, sha256 }: SourcedDay) {
  return { rows, items, sizeBytes, sha256 };
}

function stampOf({ runId }: OutputChange, stamp: CommitStamp) {
  return { ...stamp, runId };
}

function withMark(entry: LedgerDay, day: Day, mark: ReadonlySet<Day>): LedgerDay {
  return mark.has(day) ? { ...entry, reprocess: true } : entry;
}

function movesBytes(contents: OutputContents, entry: IndexedDay): boolean {
  const found = contents.days.get(entry.day);
  return found === undefined ? entry.rows > 0 : found.sha256 !== entry.sha256;
}

function saysTheSame(a: LedgerDay, b: LedgerDay): boolean {
  return (
    a.sha256 === b.sha256 &&
    a.rows === b.rows &&
    a.orders === b.orders &&
    a.reprocess === b.reprocess &&
    a.damage === b.damage &&
    a.fingerprint !== null &&
    b.fingerprint !== null &&
    sameFingerprint(a.fingerprint, b.fingerprint)
  );
}

/** What a kept entry can differ in from the head's: a mark, or damage found since. */
function sameEntry(entry: IndexedDay, head: LedgerDay | undefined): boolean {
  return (
    head !== undefined &&
    entry.version === head.version &&
    entry.runId === head.runId &&
    entry.sha256 === head.sha256 &&
    entry.reprocess === head.reprocess &&
    entry.damage === head.damage
  );
}
