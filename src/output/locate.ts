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
import type { OutputShape } from '../model/column.js';
import type { Day } from '../model/day.js';
import type { CommitId, CommitRecord, RecordedDay } from './commit-record.js';
import { contentsByRecord, noContents, type OutputContents } from './contents.js';
import { headerLine } from './encode.js';
import { readForeign } from './read-foreign.js';
import type { StateFolder } from './state-folder.js';
import { matchesRecord } from './verify.js';

export interface LocatedState extends OutputState {
  readonly ledger: ReadonlyMap<Day, RecordedDay>;
  readonly identity: FileIdentity | null;
  readonly contents: OutputContents;
  readonly head: CommitId | null;
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
  readonly shape: OutputShape;
  readonly version: number;
  /** Null before the first commit, and where not even the header of the head record can be read. */
  readonly head: CommitId | null;
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
  if (file === null) return stateOf(input, null, noContents, input.record === null);
  return withFile(file, async () => {
    const identity = await file.identity();
    if (!identity.isFile) throw new Error('it is not a regular file');
    const isUntouched = async () => sameIdentity(identity, await disk.identity(folder.output));
    try {
      const contents = await read(input, file, identity);
      if (!(await isUntouched())) return null;
      return stateOf(input, identity, contents, isDescribed(input.record, contents));
    } catch (error) {
      // Whatever was wrong with a file that is no longer there need not be wrong with the next.
      if (await isUntouched()) throw error;
      return null;
    }
  });
}

async function read(
  { shape, record }: LocateInput,
  file: DiskFile,
  { sizeBytes }: FileIdentity,
): Promise<OutputContents> {
  // An empty file holds nothing that could be lost: it is as good as none.
  if (sizeBytes === 0) return noContents;
  const header = headerLine(shape);
  if (record !== null && (await matchesRecord(file, sizeBytes, record, header))) {
    return contentsByRecord(record, header.length);
  }
  return readForeign({ file, sizeBytes, shape, forgiveCutEnd: record !== null });
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
  contents: OutputContents,
  described: boolean,
): LocatedState {
  return {
    version,
    sizeBytes: identity?.sizeBytes ?? null,
    days: contents.days,
    ledger: ledgerOf(record),
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

function ledgerOf(record: CommitRecord | null): ReadonlyMap<Day, RecordedDay> {
  const ledger = new Map<Day, RecordedDay>();
  for (const entry of record?.days ?? []) ledger.set(entry.day, entry);
  return ledger;
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
