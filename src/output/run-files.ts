/**
 * The runs of all processes that share the output: one JSON file a run in `runs/` of the state folder. No
 * decision about data rests on it.
 *
 * Each process writes the records of its own runs. It ends those of a process that is gone, too.
 */
import { join } from 'node:path';
import type { FoundRun, HistoryPace, RunHistory } from '../core/ports/run-history.js';
import { createSerial } from '../core/serial.js';
import { type Disk, errorCode, nodeDisk } from '../disk/disk.js';
import { clearTemporaries, temporaryName } from '../disk/temporaries.js';
import { unlessHanging } from '../disk/waits.js';
import { replaceFile } from '../disk/whole-files.js';
import type { StoredRun } from '../model/run.js';
import { thisProcess } from '../process/living-process.js';
import { withFolders } from './place.js';
import { assertReadsBack } from './read-back.js';
import { createRunClaims } from './run-claims.js';
import { createRunReader } from './run-reader.js';
import { decodeRun, encodeRun } from './run-record.js';
import { createRunWatch, type RunWatch } from './run-watch.js';
import type { StateFolder } from './state-folder.js';
import { createSteadyList } from './steady-list.js';

export interface RunFilesOptions {
  readonly folder: StateFolder;
  readonly disk?: Disk;
  readonly pace?: Partial<HistoryPace>;
  /** For tests: how long the folder must have been at rest before its times are trusted. */
  readonly restMs?: number;
  /** Told of records that cannot be read, and what became of them. */
  onUnreadable(path: string, reason: string): void;
}

const usualPace: HistoryPace = {
  followMs: 250,
  cancelMs: 1_000,
  touchMs: 5_000,
  silenceMs: 30_000,
};

/** Of several processes' history: older ones are removed unread at the start. */
const mostRecords = 4_000;
/** Records that are read at once. */
const readsAtOnce = 16;

export function createRunFiles(options: RunFilesOptions): RunHistory {
  const { folder, disk = nodeDisk } = options;
  const owner = thisProcess();
  const pace = { ...usualPace, ...options.pace };
  const oneByOne = createSerial();
  const claims = createRunClaims(disk, folder);
  const reader = createRunReader({ ...options, disk });
  const watch = createRunWatch({ reader, claims, owner, silenceMs: pace.silenceMs });
  const names = createSteadyList({
    disk,
    path: folder.runs,
    list: () => disk.list(folder.runs),
    restMs: options.restMs,
  });
  const { pathOf } = reader;
  const cancelOf = (runId: string) => join(folder.runs, `${runId}.cancel`);

  /** Written here: what they say is known. */
  const own = new Set<string>();
  /** On disk, as far as is known: written here, or found. */
  const present = new Set<string>();
  let listed: readonly string[] | null = null;

  const write = async (stored: StoredRun, lasting: boolean) => {
    const { id } = stored.run;
    const path = pathOf(id);
    const bytes = encodeRun(stored);
    assertReadsBack(`the record of run ${id}`, stored, () => decodeRun(bytes, id));
    own.add(id);
    watch.leave(id);
    await withFolders(disk, folder, () => {
      const target = { folder: folder.runs, path, temporary: temporaryName(path) };
      return replaceFile(disk, target, bytes, lasting);
    });
    present.add(id);
  };

  /** Ids of records that came, and of those that are gone; none where nothing changed. */
  const lookAround = async () => {
    const remembered = await names.remembered();
    if (remembered !== null && remembered === listed) return { come: [], removed: [] };
    // A record that is written while the folder is listed may be missing in the list.
    const before = [...present];
    const found = remembered ?? (await names.list());
    listed = found;
    const ids = new Set(found.map(runIdIn).filter((id) => id !== null));
    // A folder that someone deleted is made again by the next record.
    const missing = ids.size === 0 ? [] : before.filter((id) => !ids.has(id));
    // A name that is replaced while the folder is read can be missing in the list.
    const removed: string[] = [];
    for (const id of missing) if ((await reader.stampOf(id)) === null) removed.push(id);
    const come = [...ids].filter((id) => !present.has(id) && !own.has(id)).sort();
    return { come, removed };
  };

  const look = async () => {
    const { come, removed } = await lookAround();
    for (const id of removed) forget(id);
    let failure: unknown = null;
    /** What could not be looked at comes again at the next look. */
    const orLater = (action: RunWatch['take']) => async (id: string) => {
      try {
        present.add(id);
        return await action(id);
      } catch (error) {
        failure ??= error;
        forget(id);
        listed = null;
        return null;
      }
    };
    const found = await inBatches(watch.watched(), orLater(watch.lookAgain));
    found.push(...(await inBatches(come, orLater(watch.take))));
    return { found, removed, failure };
  };

  const forget = (id: string) => {
    present.delete(id);
    own.delete(id);
    watch.leave(id);
  };

  const patiently = <T>(work: () => Promise<T>) =>
    unlessHanging(
      () => [folder.runs],
      work,
      (why) => new Error(why),
    );

  return {
    owner,
    pace,
    patiently,
    open: async () => {
      for (const path of [folder.root, folder.runs, folder.keys])
        await clearTemporaries(disk, path);
      const found = await disk.list(folder.runs);
      const ids = found.map(runIdIn).filter((id) => id !== null);
      ids.sort();
      for (const id of ids.slice(0, -mostRecords)) await disk.remove(pathOf(id));
      for (const id of found.map(cancelledIn)) {
        if (id !== null && !ids.includes(id)) await disk.remove(cancelOf(id));
      }
    },
    look,
    // One after the other: two records of one run must not overtake each other.
    save: (stored, lasting) => patiently(() => oneByOne(() => write(stored, lasting))),
    remove: ({ run, keys }) =>
      patiently(() =>
        oneByOne(async () => {
          for (const { key } of keys) await claims.drop(key, run.id);
          await disk.remove(pathOf(run.id));
          forget(run.id);
        }),
      ),
    claim: (claim, lasting) => patiently(() => claims.claim(claim, lasting)),
    claimOf: (key) => patiently(() => claims.newest(key)),
    askToCancel: (runId) =>
      patiently(async () => {
        try {
          await (await disk.create(cancelOf(runId))).close();
        } catch (error) {
          if (errorCode(error) !== 'EEXIST') throw error;
        }
      }),
    takeCancel: (runId) => patiently(() => disk.remove(cancelOf(runId))),
    touch: async (runId) => {
      await disk.touch(pathOf(runId));
    },
  };
}

async function inBatches(
  ids: readonly string[],
  action: (id: string) => Promise<FoundRun | null>,
): Promise<FoundRun[]> {
  const found: (FoundRun | null)[] = [];
  for (let first = 0; first < ids.length; first += readsAtOnce) {
    found.push(...(await Promise.all(ids.slice(first, first + readsAtOnce).map(action))));
  }
  return found.filter((each) => each !== null);
}

function runIdIn(name: string): string | null {
  return /^([0-9a-f-]{36})\.json$/.exec(name)?.[1] ?? null;
}

function cancelledIn(name: string): string | null {
  return /^([0-9a-f-]{36})\.cancel$/.exec(name)?.[1] ?? null;
}
