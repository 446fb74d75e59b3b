/** Step 6 of the commit protocol: the staged file takes the output's place, and what lay there is kept if it was not ours. */
import { join } from 'node:path';
import type { Publication } from '../core/ports/output.js';
import type { Disk, FileIdentity } from '../disk/disk.js';
import type { RecordHeader } from './commit-record.js';
import { isMarked, markOf, settle } from './displaced.js';
import { exchangeIn } from './exchange-in.js';
import { type Renamed, renameIn } from './rename-in.js';
import { clearPast, type Place } from './staged-files.js';
import { type StateFolder, stagedName } from './state-folder.js';

export interface Published {
  /** False when the staged file was gone: another process published it, or someone removed it. */
  readonly placed: boolean;
  /** Of the new output; null where it was not published here, or is to be looked at again. */
  readonly identity: FileIdentity | null;
  /** Where versions that were not ours are kept. */
  readonly kept: readonly string[];
  /** What went wrong once the new output was in its place. */
  readonly warnings: readonly string[];
}

export interface PublishPlace extends Place {
  /** As found out when the place was opened; before that the better one is tried. */
  publication(): Publication;
}

/** Safe to repeat, by any process, as long as `record` is the head. Throws only while the old output lies there. */
export async function publish(place: PublishPlace, head: RecordHeader): Promise<Published> {
  const { disk, folder } = place;
  const { isStaged, kept } = await clearPast(place, head);
  const record = isStaged ? await withMark(disk, folder, head) : head;
  const placed = isStaged ? await placeFile(place, record) : gone;
  if (placed.kind === 'gone') {
    // No matter which process placed it: nothing may be answered, or built on it, before it is durable.
    await disk.syncFolder(folder.outputFolder);
    return { placed: false, identity: null, kept, warnings: [] };
  }
  const warnings = placed.lost ? [lostWarning(folder)] : [];
  try {
    const path = placed.displaced && (await settle(disk, folder, placed.displaced, record));
    const identity = await finish(disk, folder, record);
    return { placed: true, identity, kept: path === null ? kept : [...kept, path], warnings };
  } catch (error) {
    const warning = `after version ${record.version} was published: ${(error as Error).message}`;
    return { placed: true, identity: null, kept, warnings: [...warnings, warning] };
  }
}

/** The output's identity, where it is the file that was staged. */
async function finish(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<FileIdentity | null> {
  await disk.syncFolder(folder.outputFolder);
  // The last step: as long as it is there, any process publishes it.
  await disk.remove(join(folder.staged, stagedName(record)));
  // Now that no step of ours moves its ctime any more.
  const current = await disk.identity(folder.output);
  return isMarked(current, record.file) ? current : null;
}

const gone: Renamed = { kind: 'gone', lost: false };

/** Records of earlier versions do not say which file is theirs. */
async function withMark(
  disk: Disk,
  folder: StateFolder,
  record: RecordHeader,
): Promise<RecordHeader> {
  if (record.file !== null) return record;
  const staged = await disk.identity(join(folder.staged, stagedName(record)));
  return { ...record, file: staged && markOf(staged) };
}

async function placeFile(
  { disk, folder, publication }: PublishPlace,
  record: RecordHeader,
): Promise<Renamed> {
  const placed = publication() === 'exchange' ? await exchangeIn(disk, folder, record) : null;
  return placed === null ? renameIn(disk, folder, record) : { ...placed, lost: false };
}

function lostWarning({ output }: StateFolder): string {
  return `another program replaced ${output} in the instant of its publication; that version could not be kept, because names cannot be exchanged here`;
}
