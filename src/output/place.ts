/** At start: makes the state folder, and refuses a place on which the commit protocol cannot hold. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Disk, errorCode, unlessAbsent } from './disk.js';
import type { StateFolder } from './state-folder.js';

/** The place is unfit: `message` is a sentence that says why and what to do. */
export class UnfitPlace extends Error {
  override readonly name = 'UnfitPlace';
}

export async function makeFolders(disk: Disk, folder: StateFolder): Promise<void> {
  for (const path of [folder.commits, folder.staged, folder.runs, folder.backup]) {
    await disk.makeFolder(path);
  }
}

export async function checkPlace(disk: Disk, folder: StateFolder): Promise<void> {
  await makeFolders(disk, folder);
  await checkOutput(folder);
  await checkDevice(disk, folder);
  await checkLinks(disk, folder);
}

async function checkOutput({ output }: StateFolder): Promise<void> {
  const found = await unlessAbsent(() => lstat(output), null);
  if (found === null || found.isFile()) return;
  throw new UnfitPlace(
    found.isSymbolicLink()
      ? `${output} is a symbolic link, which a commit would replace; set OUTPUT_FILE to the file itself.`
      : `${output} is not a regular file; set OUTPUT_FILE to a file.`,
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

async function checkLinks(disk: Disk, folder: StateFolder): Promise<void> {
  const name = `.probe-${process.pid}-${Date.now()}`;
  const [from, to] = [join(folder.staged, name), join(folder.backup, name)];
  await (await disk.create(from)).close();
  try {
    await disk.link(from, to);
  } catch (error) {
    throw new UnfitPlace(
      `the file system of ${folder.root} does not allow hard links (${errorCode(error)}), which commits need; use a local disk.`,
    );
  } finally {
    await disk.remove(from);
    await disk.remove(to);
  }
}
