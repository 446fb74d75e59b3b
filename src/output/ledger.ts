/** The ledger: commit records in `_daymark/commits/`, one file a version. The highest is the head. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DayLayout } from '../core/day.js';
import { OutcomeUnknown } from '../core/ports.js';
import { type CommitRecord, decodeRecord, encodeRecord } from './commit-record.js';
import { type Disk, errorCode, readWhole, unlessAbsent, writeDurably } from './disk.js';
import type { StateFolder } from './state-folder.js';

/** The newest records that are kept. */
const keptRecords = 50;

export type ReadRecord =
  | { readonly kind: 'record'; readonly record: CommitRecord }
  | { readonly kind: 'absent' }
  /** Its bytes are not a record's: the state must come from the output itself. */
  | { readonly kind: 'unreadable'; readonly reason: string };

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

export interface Ledger {
  /** Ascending. */
  versions(): Promise<number[]>;
  read(version: number): Promise<ReadRecord>;
  /** False when another writer has this version: exactly one wins. May throw OutcomeUnknown. */
  append(record: CommitRecord): Promise<boolean>;
  /** The newest version that `runId` committed, among the records that are kept; else null. */
  versionOf(runId: string): Promise<number | null>;
  remove(version: number): Promise<void>;
  /** Drops all but the newest records, oldest first. */
  prune(): Promise<void>;
}

export function createLedger(disk: Disk, folder: StateFolder, layout: DayLayout): Ledger {
  const pathOf = (version: number) => join(folder.commits, recordName(version));

  const versions = async () =>
    (await disk.list(folder.commits))
      .map(parseRecordName)
      .filter((version) => version !== null)
      .sort((a, b) => a - b);

  const read = async (version: number): Promise<ReadRecord> => {
    const bytes = await unlessAbsent(() => readWhole(disk, pathOf(version)), null);
    if (bytes === null) return { kind: 'absent' };
    try {
      return { kind: 'record', record: decodeRecord(bytes, layout) };
    } catch (error) {
      return { kind: 'unreadable', reason: (error as Error).message };
    }
  };

  const append = async (record: CommitRecord) => {
    const temporary = join(folder.commits, `.${record.version}-${record.runId}.tmp`);
    await writeDurably(disk, temporary, encodeRecord(record));
    const won = await claim(record, temporary);
    // What is left of it here is cleared by a later prune; the commit does not depend on it.
    await disk.remove(temporary).catch(() => {});
    return won;
  };

  /** The commit point. */
  const claim = async (record: CommitRecord, temporary: string) => {
    try {
      await disk.link(temporary, pathOf(record.version));
      return true;
    } catch (error) {
      // Over a network the answer can be lost: an error may mean that the link was made. Look.
      const found = await insist(record.version, () => read(record.version));
      if (found.kind === 'record' && found.record.runId === record.runId) return true;
      // The version is taken, or the temporary file was cleared because the version has passed.
      const code = errorCode(error);
      if (code === 'EEXIST' || code === 'ENOENT') return false;
      await disk.remove(temporary).catch(() => {});
      throw error;
    }
  };

  const versionOf = async (runId: string) => {
    for (const version of (await versions()).reverse()) {
      const found = await read(version);
      if (found.kind === 'record' && found.record.runId === runId) return version;
    }
    return null;
  };

  const remove = async (version: number) => {
    await disk.remove(pathOf(version));
  };

  const prune = async () => {
    const all = await versions();
    // Oldest first, so that what is left is always an unbroken run up to the head.
    for (const version of all.slice(0, -keptRecords)) await remove(version);
    const head = all.at(-1) ?? 0;
    for (const name of await disk.list(folder.commits)) {
      const version = Number(/^\.([0-9]+)-.*\.tmp$/.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
      if (version <= head) await disk.remove(join(folder.commits, name));
    }
  };

  return { versions, read, append, versionOf, remove, prune };
}

function recordName(version: number): string {
  return `${String(version).padStart(20, '0')}.json`;
}

function parseRecordName(name: string): number | null {
  if (!/^[0-9]{20}\.json$/.test(name)) return null;
  const version = Number.parseInt(name, 10);
  return Number.isSafeInteger(version) && version > 0 ? version : null;
}
