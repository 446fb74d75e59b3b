/** The state of the output at one moment: what the file holds, checked against the head record. */

import type { OutputState } from '../core/ports/output.js';
import {
  type Disk,
  type DiskFile,
  type FileIdentity,
  sameIdentity,
  unlessAbsent,
} from '../disk/disk.js';
import { withFile } from '../disk/whole-files.js';
import { holdsRowsOf, type OutputShape } from '../model/column.js';
import { type Day, layoutOf } from '../model/day.js';
import { DayMap } from '../model/day-map.js';
import type { CommitRecord, RecordedDay, RecordHeader } from './commit-record.js';
import { contentsByLedger, noContents, type OutputContents } from './contents.js';
import { headerLine } from './encode.js';
import { type ForeignFile, readForeign } from './read-foreign.js';
import { OtherHeader } from './read-rows.js';
import type { StateFolder } from './state-folder.js';
import { matchesRecord } from './verify.js';

export interface LocatedState extends OutputState {
  readonly ledger: ReadonlyMap<Day, RecordedDay>;
  readonly identity: FileIdentity | null;
  readonly contents: OutputContents;
  readonly head: RecordHeader | null;
  readonly record: CommitRecord | null;
  /**
   * The head record's file; null where it is not known. A version alone does not identify a record: after the loss of
   * the ledger, numbers start again.
   */
  readonly recordFile: FileIdentity | null;
}

export interface LocateInput {
  readonly disk: Disk;
  readonly folder: StateFolder;
  /** Of the definition. */
  readonly shape: OutputShape;
  readonly version: number;
  /** Null before the first commit, and where not even the header of the head record can be read. */
  readonly head: RecordHeader | null;
  /** Null also where its days cannot be read; then `unreadable` says why. */
  readonly record: CommitRecord | null;
  readonly unreadable: string | null;
  readonly recordFile: FileIdentity | null;
  readonly recovered: readonly string[];
}

/** Null when the file changed while it was read. Throws UnreadableOutput. */
export async function locate(input: LocateInput): Promise<LocatedState | null> {
  const { disk, folder } = input;
  const file = await unlessAbsent(() => disk.open(folder.output), null);
  if (file === null) {
    return stateOf(
      input,
      null,
      { contents: noContents, shape: input.shape },
      input.record === null,
    );
  }
  return withFile(file, async () => {
    const identity = await file.identity();
    if (!identity.isFile) throw new Error('it is not a regular file');
    const isUntouched = async () => sameIdentity(identity, await disk.identity(folder.output));
    try {
      const found = await read(input, file, identity);
      if (!(await isUntouched())) return null;
      return stateOf(input, identity, found, isDescribed(input.record, found.contents));
    } catch (error) {
      // Whatever was wrong with a file that is no longer there need not be wrong with the next.
      if (await isUntouched()) throw error;
      return null;
    }
  });
}

/** What a file holds, and the columns that tell how it reads. */
interface Found {
  readonly contents: OutputContents;
  readonly shape: OutputShape;
}

async function read(
  { shape, head, record }: LocateInput,
  file: DiskFile,
  { sizeBytes }: FileIdentity,
): Promise<Found> {
  // An empty file holds nothing that could be lost: it is as good as none.
  if (sizeBytes === 0) return { contents: noContents, shape };
  const known = shapesOf(shape, head);
  if (record !== null) {
    const header = headerLine(record.shape);
    if (await matchesRecord(file, sizeBytes, record, header))
      return { contents: contentsByLedger(ledgerOf(record), header.length), shape: known[0] };
  }
  return readAs(known, { file, sizeBytes, forgiveCutEnd: record !== null });
}

/** What the file may look like: as the head says, where that is something else, or as the definition does. */
function shapesOf(shape: OutputShape, head: RecordHeader | null): [OutputShape, ...OutputShape[]] {
  return head === null || holdsRowsOf(shape, head.shape) ? [shape] : [head.shape, shape];
}

/** By the first of the shapes whose names are those of the header. Throws UnreadableOutput, of the last one. */
async function readAs(
  [shape, ...others]: readonly [OutputShape, ...OutputShape[]],
  file: Omit<ForeignFile, 'shape'>,
): Promise<Found> {
  try {
    return { contents: await readForeign({ ...file, shape }), shape };
  } catch (error) {
    const [next, ...rest] = others;
    if (next === undefined || !(error instanceof OtherHeader)) throw error;
    return readAs([next, ...rest], file);
  }
}

export function stateOf(
  {
    version,
    head,
    record,
    unreadable,
    recordFile,
    recovered,
  }: Omit<LocateInput, 'disk' | 'folder' | 'shape'>,
  identity: FileIdentity | null,
  { contents, shape }: Found,
  described: boolean,
  ledger: ReadonlyMap<Day, RecordedDay> = record === null ? new Map() : ledgerOf(record),
): LocatedState {
  return {
    version,
    sizeBytes: identity?.sizeBytes ?? null,
    shape,
    days: contents.days,
    ledger,
    described,
    recovered,
    identity,
    contents,
    head,
    record,
    unreadable,
    recordFile,
  };
}

/** Shares what is in `before`, too. */
export function ledgerOf(
  record: CommitRecord,
  before: ReadonlyMap<Day, RecordedDay> = new Map(),
): DayMap<RecordedDay> {
  const layout = layoutOf(record.layout);
  const names = record.days.map(({ day }) => day);
  return DayMap.from(layout, names, record.days, DayMap.of(layout, before));
}

/** Whether there is nothing that a commit would have to put right before any day is aggregated. */
function isDescribed(record: CommitRecord | null, contents: OutputContents): boolean {
  if (record === null || !contents.canonical) return false;
  const withRows = record.days.filter(({ rows }) => rows > 0);
  return (
    withRows.length === contents.days.size &&
    withRows.every(({ day, sha256 }) => contents.days.get(day)?.sha256 === sha256)
  );
}
