/**
 * Tries, with files of its own, every step by which the commit protocol takes a name from one place to another.
 * Device numbers do not tell: between two mounts of one disk every link and rename is refused (EXDEV).
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Disk, errorCode, isSameFile, unlessAbsent } from '../disk/disk.js';
import { whyNotWritten } from '../disk/no-room.js';
import { isAbandoned } from '../disk/temporaries.js';
import { writeAll } from '../disk/whole-files.js';
import { tagOf, thisProcess } from '../process/living-process.js';
import { mountedApart } from './mounted-apart.js';
import type { StateFolder } from './state-folder.js';
import { UnfitPlace } from './unfit-place.js';

type Place = 'staged' | 'backup' | 'outputFolder';
const places: readonly Place[] = ['staged', 'backup', 'outputFolder'];

/** Of this process, and with a point at its beginning: engines that read the folder skip it. */
export function probeName(): string {
  return `.daymark-probe-${tagOf(thisProcess())}-${randomUUID()}`;
}

export async function tryMoves(disk: Disk, folder: StateFolder): Promise<void> {
  const [name, other] = [probeName(), probeName()];
  const at = (place: Place, of = name) => join(folder[place], of);
  const move = async (verb: 'link' | 'rename', from: Place, to: Place, of = name) => {
    try {
      await disk[verb](at(from, of), at(to));
    } catch (error) {
      throw await inWords(folder, { verb, from: folder[from], to: folder[to] }, error);
    }
  };
  try {
    for (const each of [name, other]) await (await disk.create(at('staged', each))).close();
    await move('link', 'staged', 'outputFolder');
    if (!(await isTrueLink(disk, at('staged'), at('outputFolder')))) throw copies(folder);
    await move('link', 'outputFolder', 'backup');
    await move('rename', 'staged', 'outputFolder', other);
    await disk.remove(at('backup'));
    await move('rename', 'staged', 'backup');
  } finally {
    for (const place of places) {
      for (const each of [name, other]) await disk.remove(at(place, each)).catch(() => {});
    }
  }
}

/** Two things decide between writers: that a link is another name of one file, and that it takes no name twice. */
async function isTrueLink(disk: Disk, from: string, to: string): Promise<boolean> {
  const [source, link] = [await disk.identity(from), await disk.identity(to)];
  return source !== null && isSameFile(source, link) && (await isTaken(disk, from, to));
}

async function isTaken(disk: Disk, from: string, to: string): Promise<boolean> {
  try {
    await disk.link(from, to);
    return false;
  } catch (error) {
    return errorCode(error) === 'EEXIST';
  }
}

function copies({ root }: StateFolder): UnfitPlace {
  return new UnfitPlace(
    `the file system of ${root} makes copies of hard links, or links over names that are taken, so that two writers could commit one version; use a local disk.`,
  );
}

interface Move {
  readonly verb: 'link' | 'rename';
  readonly from: string;
  readonly to: string;
}

/** What is not about the place stays the error that it is. */
async function inWords(folder: StateFolder, move: Move, error: unknown): Promise<unknown> {
  const code = errorCode(error);
  if (code === 'EXDEV') return new UnfitPlace(await apart(folder, move));
  if (code === null || (await whyNotWritten(move.to, error)) !== null) return error;
  return new UnfitPlace(
    move.verb === 'link'
      ? `the file system of ${folder.root} does not allow hard links (${code}), which commits need; use a local disk.`
      : `a file in ${move.from} cannot be renamed into ${move.to} (${code}), which commits need; use a local disk.`,
  );
}

async function apart(folder: StateFolder, { from, to }: Move): Promise<string> {
  const mounted = await mountedApart(folder);
  return (
    mounted ??
    `${from} and ${to} lie in different mounts, so that a commit could not be atomic (EXDEV); keep ${folder.shared} and ${folder.outputFolder} in one mount.`
  );
}

/** What starts that were killed left; not what a process tries at this moment. */
export async function removeOldProbes(disk: Disk, folder: StateFolder): Promise<void> {
  for (const place of places) {
    for (const name of await disk.list(folder[place]).catch(() => [])) {
      if (!/^\.(daymark-)?probe-/.test(name)) continue;
      const path = join(folder[place], name);
      if (await isAbandoned(disk, path).catch(() => false)) await disk.remove(path).catch(() => {});
    }
  }
}

/** Whether a version could be staged now: null, or why not. Bytes are written, since a full disk takes empty files. */
export async function whyNotStaged(disk: Disk, folder: StateFolder): Promise<string | null> {
  const path = join(folder.staged, probeName());
  try {
    // Deleted by hand, it is made by the next commit.
    const file = await unlessAbsent(() => disk.create(path), null);
    if (file === null) return await mountedApart(folder);
    try {
      await writeAll(file, Buffer.alloc(probeBytes), 0);
    } finally {
      await file.close().finally(() => disk.remove(path));
    }
    return await mountedApart(folder);
  } catch (error) {
    const why = await whyNotWritten(folder.staged, error);
    return why === null
      ? `${folder.staged} is not writable: ${(error as Error).message}.`
      : `${why}.`;
  }
}

const probeBytes = 4_096;
