/** At start: makes the state folder, and refuses a place on which the commit protocol cannot hold. */

import { dirname } from 'node:path';
import { type Disk, unlessAbsent } from '../disk/disk.js';
import { lstat } from '../disk/look-at.js';
import { isNoRoom, whyNotWritten } from '../disk/no-room.js';
import type { OutputShape } from '../model/column.js';
import { mountedApart } from './mounted-apart.js';
import { removeOldProbes, tryMoves } from './probes.js';
import { describeFolder } from './spark-folder.js';
import type { StateFolder } from './state-folder.js';
import { UnfitPlace } from './unfit-place.js';

export { UnfitPlace } from './unfit-place.js';

export async function makeFolders(disk: Disk, folder: StateFolder): Promise<void> {
  const { commits, staged, runs, keys, backup } = folder;
  for (const path of [commits, staged, runs, keys, backup]) {
    await makeFolder(disk, path);
  }
}

/** Does `action`; where a folder for it is missing, because someone deleted the state, makes it and tries again. */
export async function withFolders<T>(
  disk: Disk,
  folder: StateFolder,
  action: () => Promise<T>,
): Promise<T> {
  return inMade(() => makeFolders(disk, folder), action);
}

/** Does `action`; where a folder for it is missing, or was removed in between, lets `make` make it and tries again. */
export async function inMade<T>(
  make: () => Promise<unknown>,
  action: () => Promise<T>,
): Promise<T> {
  const done = await unlessAbsent(async () => ({ result: await action() }), null);
  if (done !== null) return done.result;
  await make();
  return action();
}

/** What is synced in a folder outlives a power cut only where the folder does. */
async function makeFolder(disk: Disk, path: string): Promise<void> {
  const topmost = await disk.makeFolder(path);
  if (topmost === null) return;
  for (let made = path; ; made = dirname(made)) {
    await disk.syncFolder(dirname(made));
    if (made === topmost) return;
  }
}

/**
 * Throws UnfitPlace. Where the disk is full nothing can be tried, and what was committed can be read all the same:
 * then the answer is why, and the check is to be made again before anything is committed.
 */
export async function checkPlace(
  disk: Disk,
  folder: StateFolder,
  shape: OutputShape,
  andThen: () => Promise<void>,
): Promise<string | null> {
  try {
    await tryPlace(disk, folder, shape);
    await andThen();
    return null;
  } catch (error) {
    const why =
      error instanceof UnfitPlace ? null : await whyNotWritten(folder.outputFolder, error);
    if (why === null) throw error;
    if (isNoRoom(error)) return why;
    throw new UnfitPlace(`${why}, since the output and its state are written there.`);
  }
}

async function tryPlace(disk: Disk, folder: StateFolder, shape: OutputShape): Promise<void> {
  await makeFolders(disk, folder);
  // They may be there through a process that was killed before it could sync them.
  for (const path of [folder.root, folder.shared, folder.outputFolder]) {
    await disk.syncFolder(path);
  }
  // The one above need not be readable for us; then the output's folder was made by someone else.
  await disk.syncFolder(dirname(folder.outputFolder)).catch(() => {});
  await checkOutput(folder, shape);
  await checkDevice(disk, folder);
  await removeOldProbes(disk, folder);
  await tryMoves(disk, folder);
}

/** What lies at the output's name must be a file, or nothing. Makes nothing. */
export async function checkOutput(folder: StateFolder, shape: OutputShape): Promise<void> {
  const { output } = folder;
  const found = await unlessAbsent(() => lstat(output), null);
  if (found?.isFile()) {
    const mounted = await mountedApart(folder);
    if (mounted !== null) throw new UnfitPlace(mounted);
    return;
  }
  if (found === null) return;
  if (found.isDirectory()) throw new UnfitPlace(await describeFolder(output, shape));
  throw new UnfitPlace(
    found.isSymbolicLink()
      ? `${output} is a symbolic link, which a commit would replace; set DAYMARK_OUTPUT_FILE to the file itself.`
      : `${output} is not a regular file; set DAYMARK_OUTPUT_FILE to a file.`,
  );
}

async function checkDevice(disk: Disk, folder: StateFolder): Promise<void> {
  const devices = await Promise.all(
    [folder.outputFolder, folder.staged, folder.commits, folder.backup].map(
      async (path) => (await disk.identity(path))?.dev,
    ),
  );
  if (new Set(devices).size > 1) {
    throw new UnfitPlace(
      `${folder.root} and ${folder.outputFolder} are on different devices, so that a commit could not be atomic; keep both on one.`,
    );
  }
}
