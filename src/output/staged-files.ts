/**
 * The names in `staged/`. A staged file is what a version is published from, by anyone, until it is removed
 * as the last step; each publisher gives it a second name of its own, a link, and exchanges that with the
 * output. A link that a sleeping publisher has still to exchange is fenced by taking its name away.
 */
import { join } from 'node:path';
import type { Disk } from '../disk/disk.js';
import type { CommitId, RecordHeader } from './commit-record.js';
import { isOurs, moveToBackup } from './displaced.js';
import type { Ledger } from './ledger.js';
import { parseStagedName, type StagedFile, type StateFolder } from './state-folder.js';

export interface Place {
  readonly disk: Disk;
  readonly folder: StateFolder;
  readonly ledger: Pick<Ledger, 'readHeader'>;
}

export interface Cleared {
  /** Whether the head's own staged file is there: its publication is not finished. */
  readonly isStaged: boolean;
  /** Where links turned out to be what someone else wrote. */
  readonly kept: readonly string[];
}

/**
 * Removes what the past left: staged files of versions that are taken, then the links that were made of
 * them. Afterwards no publisher of a version below the head can change the output any more, however long
 * it slept: its link is gone, and there is nothing to make another one of.
 */
export async function clearPast(place: Place, head: RecordHeader): Promise<Cleared> {
  const { disk, folder } = place;
  let staged = await listStaged(place);
  const past = staged.filter(
    (each) => !each.isLink && each.version <= head.version && !isOf(each, head),
  );
  for (const { name } of past) await disk.remove(join(folder.staged, name));
  // As long as one of them was there, links could be made of it, also behind the list.
  if (past.some(({ version }) => version < head.version)) staged = await listStaged(place);
  return {
    isStaged: staged.some((each) => !each.isLink && isOf(each, head)),
    kept: await takeLinks(place, staged, head, head.version - 1),
  };
}

/** Of versions up to `last`, whose own staged files are gone. */
export async function takeLinks(
  place: Place,
  staged: readonly StagedFile[],
  head: RecordHeader,
  last: number,
): Promise<string[]> {
  const kept: (string | null)[] = [];
  for (const each of staged) {
    if (each.isLink && each.version <= last) kept.push(await takeLink(place, each, head));
  }
  return kept.filter((path) => path !== null);
}

export async function listStaged({ disk, folder }: Place): Promise<StagedFile[]> {
  return (await disk.list(folder.staged)).map(parseStagedName).filter((staged) => staged !== null);
}

export function isOf(staged: CommitId, { version, runId }: CommitId): boolean {
  return staged.version === version && staged.runId === runId;
}

/**
 * Renamed first and looked at then: its publisher could exchange it in between, and what was a link of ours
 * would be the only name of what someone else wrote.
 */
async function takeLink(
  place: Place,
  staged: StagedFile,
  head: RecordHeader,
): Promise<string | null> {
  const { disk, folder } = place;
  const kept = await moveToBackup(disk, folder, staged.name, staged);
  const found = kept === null ? null : await disk.identity(kept);
  if (kept === null || found === null) return null;
  const records = [head, await recordOf(place, staged)];
  if (!records.some((record) => record !== null && isOurs(found, record))) return kept;
  await disk.remove(kept);
  return null;
}

/** As long as it is kept. */
async function recordOf({ ledger }: Place, id: CommitId): Promise<RecordHeader | null> {
  const found = await ledger.readHeader(id.version);
  return found.kind === 'record' && isOf(found.header, id) ? found.header : null;
}
