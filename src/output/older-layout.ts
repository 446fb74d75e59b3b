/**
 * Older versions kept the state of an output in `_daymark/` itself, so that two outputs in one folder shared it.
 * Such a state is taken over, at start, by the output that it describes, and by no other.
 *
 * Safe to repeat: the records go last, so that a takeover which was cut short is found and finished.
 */
import { join } from 'node:path';
import type { DayLayout } from '../core/day.js';
import { type Disk, errorCode } from '../disk/disk.js';
import { isMarked } from './displaced.js';
import { createLedger, headOf } from './ledger.js';
import { type LocatedState, locate } from './locate.js';
import { makeFolders, UnfitPlace } from './place.js';
import { UnreadableOutput } from './read-rows.js';
import type { StateFolder } from './state-folder.js';

/** What is moved, in this order. */
const parts = ['runs', 'backup', 'staged', 'checkpoint', 'spark', 'commits'] as const;

export interface OlderLayout {
  readonly disk: Disk;
  readonly folder: StateFolder;
  readonly layout: DayLayout;
  readonly dataset: string;
}

/** What it did, as sentences. Throws UnfitPlace where an older state is there that is not this output's. */
export async function takeOverOlderLayout(place: OlderLayout): Promise<string[]> {
  const { disk, folder } = place;
  const older = olderFolder(folder);
  const ledger = createLedger(disk, older, place.layout, place.dataset);
  const version = headOf(await ledger.list());
  if (version === 0) return [];
  // The output has a state of its own: the older one is that of another output, or left from before.
  const ours = createLedger(disk, folder, place.layout, place.dataset);
  if (headOf(await ours.list()) > 0) return [];
  const found = await ledger.read(version);
  const record = found.kind === 'record' ? found.record : null;
  const located = await lookAtOutput(place, older, version, record);
  if (record === null || located === null || !describes(located))
    throw foreignState(place, version);
  await move(place, older);
  return [`the state of an older version, in ${folder.shared}, was taken over into ${folder.root}`];
}

function olderFolder(folder: StateFolder): StateFolder {
  const within = (name: string) => join(folder.shared, name);
  return {
    ...folder,
    root: folder.shared,
    commits: within('commits'),
    staged: within('staged'),
    runs: within('runs'),
    backup: within('backup'),
    checkpoint: within('checkpoint'),
    spark: within('spark'),
  };
}

async function lookAtOutput(
  { disk, layout }: OlderLayout,
  folder: StateFolder,
  version: number,
  record: LocatedState['record'],
): Promise<LocatedState | null> {
  const nothing = { unreadable: null, recordFile: null, recovered: [] };
  try {
    return await locate({ disk, folder, layout, version, head: record, record, ...nothing });
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
  for (const part of parts) {
    try {
      await disk.rename(older[part], folder[part]);
    } catch (error) {
      // Not there, or moved by another process that starts now; or there is something of ours already.
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
    }
  }
  for (const path of [folder.root, folder.shared]) await disk.syncFolder(path);
}

function foreignState({ folder }: OlderLayout, version: number): UnfitPlace {
  return new UnfitPlace(
    `${join(folder.shared, 'commits')} holds the state of an older version of Daymark, whose newest record (${version}) does not describe ${folder.output}. If it belongs to another output in this folder, start that one's service first, which takes it over. If the output was changed since, move the folder ${join(folder.shared, 'commits')} away; its days are then compared with their raw files.`,
  );
}
