/** Reads records of runs. One that is not whole is set aside, so that it is told once and can be looked at. */
import { basename, join } from 'node:path';
import { type Disk, type FileIdentity, unlessAbsent } from '../disk/disk.js';
import { readWhole } from '../disk/whole-files.js';
import type { StoredRun } from '../model/run.js';
import { decodeRun, isOfLaterFormat } from './run-record.js';
import type { StateFolder } from './state-folder.js';

export interface ReadRun {
  /** Taken before it was read: what is newer than it shows in the next one. */
  readonly stamp: FileIdentity;
  readonly stored: StoredRun;
}

export interface RunReader {
  pathOf(runId: string): string;
  stampOf(runId: string): Promise<FileIdentity | null>;
  /** Null where there is none, or it is not whole. Throws where the disk fails, which says nothing about it. */
  read(runId: string): Promise<ReadRun | null>;
  remove(runId: string): Promise<void>;
}

export interface RunReaderOptions {
  readonly folder: StateFolder;
  readonly disk: Disk;
  onUnreadable(path: string, reason: string): void;
}

/** Of records that were set aside; older ones are removed. */
const keptAside = 100;

export function createRunReader({ folder, disk, onUnreadable }: RunReaderOptions): RunReader {
  const aside = join(folder.runs, 'unreadable');
  const pathOf = (runId: string) => join(folder.runs, `${runId}.json`);
  const stampOf = (runId: string) => disk.identity(pathOf(runId));

  const setAside = async (path: string, reason: string) => {
    const to = join(aside, basename(path));
    try {
      await disk.makeFolder(aside);
      await disk.rename(path, to);
    } catch (error) {
      return onUnreadable(path, `${reason} (it could not be set aside: ${messageOf(error)})`);
    }
    onUnreadable(path, `${reason}. It was moved to ${to}`);
    const names = (await disk.list(aside)).sort();
    for (const name of names.slice(0, -keptAside)) await disk.remove(join(aside, name));
  };

  const read = async (runId: string): Promise<ReadRun | null> => {
    const path = pathOf(runId);
    const stamp = await stampOf(runId);
    const bytes = await unlessAbsent(() => readWhole(disk, path), null);
    if (stamp === null || bytes === null) return null;
    try {
      return { stamp, stored: decodeRun(bytes, runId) };
    } catch (error) {
      // A later version's is left to that.
      if (!isOfLaterFormat(bytes)) await setAside(path, messageOf(error));
      return null;
    }
  };

  return {
    pathOf,
    stampOf,
    read,
    remove: async (runId) => {
      await disk.remove(pathOf(runId));
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
