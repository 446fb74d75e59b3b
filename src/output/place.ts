/** At start: makes the state folder, and refuses a place on which the commit protocol cannot hold. */
import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Disk, errorCode, unlessAbsent } from '../disk/disk.js';
import { describeFolder } from './spark-folder.js';
import type { StateFolder } from './state-folder.js';

/** The place is unfit: `message` is a sentence that says why and what to do. */
export class UnfitPlace extends Error {
  override readonly name = 'UnfitPlace';
}

export async function makeFolders(disk: Disk, folder: StateFolder): Promise<void> {
  for (const path of [folder.commits, folder.staged, folder.runs, folder.backup]) {
    await makeFolder(disk, path);
  }
}

/** Does `action`; where a folder for it is missing, because someone deleted the state, makes it and tries again. */
export async function withFolders<T>(
  disk: Disk,
  folder: StateFolder,
  action: () => Promise<T>,
): Promise<T> {
  const done = await unlessAbsent(async () => ({ result: await action() }), null);
  if (done !== null) return done.result;
  await makeFolders(disk, folder);
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

export async function checkPlace(disk: Disk, folder: StateFolder): Promise<void> {
  await makeFolders(disk, folder);
  // They may be there through a process that was killed before it could sync them.
  for (const path of [folder.root, folder.shared, folder.outputFolder]) {
    await disk.syncFolder(path);
  }
  // The one above need not be readable for us; then the output's folder was made by someone else.
  await disk.syncFolder(dirname(folder.outputFolder)).catch(() => {});
  await checkOutput(folder);
  await checkDevice(disk, folder);
  await checkLinks(disk, folder);
}

/** What lies at the output's name must be a file, or nothing. Makes nothing. */
export async function checkOutput({ output }: StateFolder): Promise<void> {
  const found = await unlessAbsent(() => lstat(output), null);
  if (found === null || found.isFile()) return;
  if (found.isDirectory()) throw new UnfitPlace(await describeFolder(output));
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

/** Two things decide between writers: that a link is another name of one file, and that it takes no name twice. */
async function checkLinks(disk: Disk, folder: StateFolder): Promise<void> {
  const name = `.probe-${randomUUID()}`;
  const [from, to] = [join(folder.staged, name), join(folder.backup, name)];
  await (await disk.create(from)).close();
  try {
    await linkOrRefuse(disk, folder, from, to);
    const [source, link] = [await disk.identity(from), await disk.identity(to)];
    if (source?.ino !== link?.ino || !(await isTaken(disk, from, to))) {
      throw new UnfitPlace(
        `the file system of ${folder.root} makes copies of hard links, or links over names that are taken, so that two writers could commit one version; use a local disk.`,
      );
    }
  } finally {
    await disk.remove(from);
    await disk.remove(to);
  }
}

async function linkOrRefuse(disk: Disk, { root }: StateFolder, from: string, to: string) {
  try {
    await disk.link(from, to);
  } catch (error) {
    throw new UnfitPlace(
      `the file system of ${root} does not allow hard links (${errorCode(error)}), which commits need; use a local disk.`,
    );
  }
}

async function isTaken(disk: Disk, from: string, to: string): Promise<boolean> {
  try {
    await disk.link(from, to);
    return false;
  } catch (error) {
    return errorCode(error) === 'EEXIST';
  }
}
