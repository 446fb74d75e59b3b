/** The ledger: commit records in `commits/` of the state folder, one file a version. The highest is the head. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutcomeUnknown } from '../core/failures.js';
import { type Disk, errorCode, type FileIdentity, unlessAbsent } from '../disk/disk.js';
import { readWhole, writeDurably } from '../disk/whole-files.js';
import type { OutputShape } from '../model/column.js';
import type { CommitId, CommitRecord, RecordHeader, Snapshot } from './commit-record.js';
import { withFolders } from './place.js';
import { assertReadsBack } from './read-back.js';
import { createRecordCodec } from './record-file.js';
import type { StateFolder } from './state-folder.js';

/** The newest records that are kept. More than `snapshotInterval`, so that the head's snapshot is among them. */
export const keptRecords = 50;

export type ReadHeader =
  | { readonly kind: 'record'; readonly header: RecordHeader }
  | { readonly kind: 'absent' }
  /** Its bytes are not a record's. */
  | { readonly kind: 'unreadable'; readonly reason: string };

export type ReadRecord =
  | { readonly kind: 'record'; readonly record: CommitRecord }
  | { readonly kind: 'absent' }
  /** It or its snapshot cannot be read: the state must come from the output itself. */
  | {
      readonly kind: 'unreadable';
      readonly reason: string;
      /** Where only the snapshot cannot be read: the commit stands, and may still wait for its publication. */
      readonly header: RecordHeader | null;
    };

/** The folder at one moment. */
export interface Listing {
  /** Ascending. */
  readonly versions: readonly number[];
  /** Temporary files that no record was made of, or not yet. */
  readonly temporaries: readonly { readonly name: string; readonly version: number }[];
}

/** A look at or after the commit point, on which the answer depends: a passing fault is waited out. */
export async function insist<T>(version: number, look: () => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await look();
    } catch {
      await sleep(pauseMs);
    }
  }
  return look().catch((cause) => {
    throw new OutcomeUnknown(version, { cause });
  });
}

const pausesMs = [20, 200, 1_000];

export interface Claim {
  readonly won: boolean;
  /** The record's file, where it is known. */
  readonly file: FileIdentity | null;
}

export interface Ledger {
  list(): Promise<Listing>;
  /** What recovery and other writers need; reads one file. */
  readHeader(version: number): Promise<ReadHeader>;
  /** With all days; reads a second file where the record is differential. */
  read(version: number): Promise<ReadRecord>;
  /**
   * Not won when another writer has this version: exactly one wins. What `pass` throws right before the claim
   * calls it off. May throw OutcomeUnknown.
   */
  append(record: CommitRecord, pass: () => void): Promise<Claim>;
  pathOf(version: number): string;
  /** The newest version that `runId` committed, among the records that are kept; else null. */
  versionOf(runId: string): Promise<number | null>;
  remove(version: number): Promise<void>;
  /** Drops all but the newest records of the listing, oldest first. */
  prune(listing: Listing): Promise<void>;
}

export function createLedger(
  disk: Disk,
  folder: StateFolder,
  shape: OutputShape,
  dataset: string,
): Ledger {
  const codec = createRecordCodec(shape, { dataset, output: folder.outputName });
  const pathOf = (version: number) => join(folder.commits, recordName(version));

  const list = async () => listingOf(await disk.list(folder.commits));

  const readFile = async <T>(version: number, decode: (bytes: Buffer) => T) => {
    const bytes = await unlessAbsent(() => readWhole(disk, pathOf(version)), null);
    if (bytes === null) return { kind: 'absent' } as const;
    try {
      return { kind: 'decoded', content: decode(bytes) } as const;
    } catch (error) {
      return { kind: 'unreadable', reason: (error as Error).message } as const;
    }
  };

  const readHeader = async (version: number): Promise<ReadHeader> => {
    const found = await readFile(version, codec.decodeHeader);
    return found.kind === 'decoded' ? { kind: 'record', header: found.content } : found;
  };

  const read = async (version: number): Promise<ReadRecord> => {
    const found = await readFile(version, codec.decode);
    if (found.kind === 'absent') return found;
    if (found.kind === 'unreadable') return { ...found, header: null };
    const { header } = found.content;
    try {
      const snapshot = header.snapshot === null ? null : await readSnapshot(header.snapshot);
      return { kind: 'record', record: codec.complete(found.content, snapshot) };
    } catch (error) {
      if (!(error instanceof UnfitSnapshot)) throw error;
      return { kind: 'unreadable', reason: error.message, header };
    }
  };

  /** Throws UnfitSnapshot where there is no such full record. */
  const readSnapshot = async ({ version, runId }: CommitId): Promise<Snapshot> => {
    const found = await readFile(version, codec.decode);
    const unfit = (is: string) => new UnfitSnapshot(`record ${version}, on which it builds, ${is}`);
    if (found.kind === 'absent') throw unfit('is missing');
    if (found.kind === 'unreadable') throw unfit(`cannot be read: ${found.reason}`);
    const { header, days } = found.content;
    if (header.version !== version || header.runId !== runId) throw unfit('is another one');
    if (header.snapshot !== null) throw unfit('is not full');
    return { version, runId, days };
  };

  const append = async (record: CommitRecord, pass: () => void) => {
    const temporary = join(folder.commits, `.${record.version}-${record.runId}.tmp`);
    const bytes = codec.encode(record);
    assertReadsBack(`the record of version ${record.version}`, record, () =>
      codec.complete(codec.decode(bytes), record.snapshot),
    );
    await withFolders(disk, folder, () => writeDurably(disk, temporary, bytes));
    // Without it the next look only reads the record again.
    const file = await disk.identity(temporary).catch(() => null);
    try {
      pass();
      return { won: await claim(record, temporary), file };
    } finally {
      // What is left of it here is cleared by a later prune; the commit does not depend on it.
      await disk.remove(temporary).catch(() => {});
    }
  };

  /** The commit point. */
  const claim = async (record: CommitRecord, temporary: string) => {
    try {
      await disk.link(temporary, pathOf(record.version));
      return true;
    } catch (error) {
      // Over a network the answer can be lost: an error may mean that the link was made. Look.
      const found = await insist(record.version, () => readHeader(record.version));
      if (found.kind === 'record' && found.header.runId === record.runId) return true;
      // The version is taken, or the temporary file was cleared because the version has passed.
      const code = errorCode(error);
      if (code === 'EEXIST' || code === 'ENOENT') return false;
      throw error;
    }
  };

  const versionOf = async (runId: string) => {
    for (const version of (await list()).versions.toReversed()) {
      const found = await readHeader(version);
      if (found.kind === 'record' && found.header.runId === runId) return version;
    }
    return null;
  };

  const remove = async (version: number) => {
    await disk.remove(pathOf(version));
  };

  const prune = async ({ versions, temporaries }: Listing) => {
    // Oldest first, so that what is left is always an unbroken run up to the head.
    for (const version of versions.slice(0, -keptRecords)) await remove(version);
    const head = versions.at(-1) ?? 0;
    for (const { name, version } of temporaries) {
      if (version <= head) await disk.remove(join(folder.commits, name));
    }
  };

  return { list, readHeader, read, append, pathOf, versionOf, remove, prune };
}

class UnfitSnapshot extends Error {}

/** The head's version; 0 before the first commit. */
export function headOf({ versions }: Listing): number {
  return versions.at(-1) ?? 0;
}

function listingOf(names: readonly string[]): Listing {
  return {
    versions: names
      .map(parseRecordName)
      .filter((version) => version !== null)
      .sort((a, b) => a - b),
    temporaries: names.flatMap((name) => {
      const version = /^\.([0-9]+)-.*\.tmp$/.exec(name)?.[1];
      return version === undefined ? [] : [{ name, version: Number(version) }];
    }),
  };
}

function recordName(version: number): string {
  return `${String(version).padStart(20, '0')}.json`;
}

function parseRecordName(name: string): number | null {
  if (!/^[0-9]{20}\.json$/.test(name)) return null;
  const version = Number.parseInt(name, 10);
  return Number.isSafeInteger(version) && version > 0 ? version : null;
}
