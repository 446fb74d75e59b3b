/** Run history: one JSON file a run in `runs/` of the state folder. For people; no decision about data rests on it. */
import { basename, join } from 'node:path';
import type { RunHistory } from '../core/ports.js';
import { hasEnded, interruptedRun, type StoredRun } from '../core/run.js';
import { keptRuns } from '../core/run-registry.js';
import { createSerial } from '../core/serial.js';
import { type Disk, nodeDisk, readWhole, replaceFile } from '../disk/disk.js';
import { isAlive, thisProcess } from '../living-process.js';
import { withFolders } from './place.js';
import { assertReadsBack } from './read-back.js';
import { decodeRun, encodeRun } from './run-record.js';
import type { StateFolder } from './state-folder.js';

export interface RunFilesOptions {
  readonly folder: StateFolder;
  readonly disk?: Disk;
  /** Told of records that cannot be read. */
  onUnreadable(path: string, reason: string): void;
}

export function createRunFiles({
  folder,
  disk = nodeDisk,
  onUnreadable,
}: RunFilesOptions): RunHistory {
  const owner = thisProcess();
  const oneByOne = createSerial();
  const pathOf = (runId: string) => join(folder.runs, `${runId}.json`);

  const read = async (name: string): Promise<StoredRun | null> => {
    const path = join(folder.runs, name);
    try {
      return decodeRun(await readWhole(disk, path), basename(name, '.json'));
    } catch (error) {
      onUnreadable(path, (error as Error).message);
      return null;
    }
  };

  const write = async (stored: StoredRun) => {
    const { id } = stored.run;
    const path = pathOf(id);
    const bytes = encodeRun(stored);
    assertReadsBack(`the record of run ${id}`, stored, () => decodeRun(bytes, id));
    const temporary = `${path}.${process.pid}.tmp`;
    await disk.remove(temporary);
    await withFolders(disk, folder, () =>
      replaceFile(disk, { folder: folder.runs, path, temporary }, bytes),
    );
  };

  // One after the other: two records of one run must not overtake each other.
  const save = (stored: StoredRun) => oneByOne(() => write(stored));

  const load = async () => {
    const names = (await disk.list(folder.runs)).filter((name) =>
      /^[0-9a-f-]{36}\.json$/.test(name),
    );
    // UUIDv7 sorts by time.
    names.sort();
    for (const old of names.slice(0, -keptRuns)) await disk.remove(join(folder.runs, old));
    const runs: StoredRun[] = [];
    for (const name of names.slice(-keptRuns)) {
      const stored = await read(name);
      if (stored !== null) runs.push(await settled(stored));
    }
    return runs;
  };

  /** A run that no living process works on will not end by itself. */
  const settled = async (stored: StoredRun): Promise<StoredRun> => {
    if (hasEnded(stored.run) || isAlive(stored.owner, owner)) return stored;
    const interrupted = { ...stored, run: interruptedRun(stored.run) };
    // Another host's process may be alive after all: its record is its own to write.
    // A full disk does not stop the start: until it takes the record, each start says this of it.
    if (stored.owner.host === owner.host) await save(interrupted).catch(() => {});
    return interrupted;
  };

  return {
    owner,
    load,
    save,
    remove: async (runId) => {
      await disk.remove(pathOf(runId));
    },
  };
}
