/**
 * Older versions kept the state of an output in `_daymark/` itself, so that two outputs in one folder shared it.
 * Such a state is taken over, at start, by the output that it describes, and by no other.
 *
 * Safe to repeat: the records go last, so that a takeover which was cut short is found and finished.
 */
import { join } from 'node:path';
import { type Disk, errorCode, unlessAbsent } from '../disk/disk.js';
import type { OutputShape } from '../model/column.js';
import { isMarked } from './displaced.js';
import { createLedger, headOf } from './ledger.js';
import { type LocatedState, locate } from './locate.js';
import { makeFolders, UnfitPlace } from './place.js';
import { UnreadableOutput } from './read-rows.js';
import { olderStateFolder, type StateFolder } from './state-folder.js';

/** What is moved, before the records. */
const parts = ['runs', 'backup', 'staged', 'checkpoint', 'spark'] as const;

export interface OlderLayout {
  readonly disk: Disk;
  readonly folder: StateFolder;
  readonly shape: OutputShape;
  readonly dataset: string;
}

/** What it did, as sentences. Throws UnfitPlace where an older state is there that is not this output's. */
export async function takeOverOlderLayout(place: OlderLayout): Promise<string[]> {
  const { disk, folder } = place;
  const older = olderStateFolder(folder);
  const ledger = createLedger(disk, older, place.shape, place.dataset);
  const version = headOf(await ledger.list());
  if (version === 0 || (await hasOwnState(place))) return [];
  const found = await ledger.read(version);
  const record = found.kind === 'record' ? found.record : null;
  const located = await lookAtOutput(place, older, version, record);
  if (located !== null && describes(located)) {
    await move(place, older);
    return [
      `the state of an older version, in ${folder.shared}, was taken over into ${folder.root}`,
    ];
  }
  // Another process of this output, which starts now, may have taken it over and committed since.
  if (await hasOwnState(place)) return [];
  throw foreignState(place, version);
}

/** Then the older one is that of another output, or left from before. */
async function hasOwnState({ disk, folder, shape, dataset }: OlderLayout): Promise<boolean> {
  return headOf(await createLedger(disk, folder, shape, dataset).list()) > 0;
}

async function lookAtOutput(
  { disk, shape }: OlderLayout,
  folder: StateFolder,
  version: number,
  record: LocatedState['record'],
): Promise<LocatedState | null> {
  const nothing = { unreadable: null, recordFile: null, recovered: [] };
  try {
    return await locate({ disk, folder, shape, version, head: record, record, ...nothing });
  } catch (error) {
    if (error instanceof UnreadableOutput) return null;
    throw error;
  }
}

/** Its bytes are what the record says; or the record waits to be published onto this very file. */
function describes({ described, identity, record }: LocatedState): boolean {
  if (described) return true;
  return record?.staged === true && isMarked(identity, record.base);
}

async function move({ disk, folder }: OlderLayout, older: StateFolder): Promise<void> {
  await makeFolders(disk, folder);
  for (const part of parts) await movePart(disk, older[part], folder[part]);
  // With the records in their new place nothing is looked for in the older one again.
  for (const path of [folder.staged, folder.backup, folder.runs]) await disk.syncFolder(path);
  await syncBoth(disk, folder);
  await unlessAbsent(() => disk.rename(older.commits, folder.commits), undefined);
  await syncBoth(disk, folder);
}

/** Not there, or moved by another process that starts now: then there is nothing left to do. */
async function movePart(disk: Disk, from: string, to: string): Promise<void> {
  try {
    await disk.rename(from, to);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return;
    // What is there was made at this start, or by that process: one by one, beside it.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    for (const name of await disk.list(from)) {
      await unlessAbsent(() => disk.rename(join(from, name), join(to, name)), undefined);
    }
    await disk.removeFolder(from);
  }
}

async function syncBoth(disk: Disk, { root, shared }: StateFolder): Promise<void> {
  for (const path of [root, shared]) await disk.syncFolder(path);
}

function foreignState({ folder }: OlderLayout, version: number): UnfitPlace {
  return new UnfitPlace(
    `${join(folder.shared, 'commits')} holds the state of an older version of Daymark, whose newest record (${version}) does not describe ${folder.output}. If it belongs to another output in this folder, start that one's service first, which takes it over. If the output was changed since, move the folder ${join(folder.shared, 'commits')} away; its days are then compared with their raw files.`,
  );
}
