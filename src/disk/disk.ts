/**
 * Every file operation of the output, its ledger and the commit protocol goes through this interface, so
 * that tests can record, count, fail or interrupt each one. The file of the checkpoint is written by it, too.
 */
import { constants, renameSync, statSync } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  rename,
  rmdir,
  stat,
  unlink,
  utimes,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { exchange } from './exchange.js';
import { syncAllowedMs, waitFor } from './waits.js';

/** Tells a file from every other and from its own earlier contents, without reading it. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly isFile: boolean;
}

export interface DiskFile {
  /** The system's number for the opened file, whatever its name leads to by now. */
  readonly descriptor: number;
  /** Reads into all of `buffer` where the file allows it; returns the bytes read, 0 at the end. */
  read(buffer: Buffer, position: number): Promise<number>;
  /** May write less than `buffer`; returns the bytes written. */
  write(buffer: Buffer, position: number): Promise<number>;
  /**
   * Makes this file, just created, a copy of `source` without its bytes passing through the process; shares
   * the blocks where the file system can. False where the system offers no way to do it.
   */
  copyFrom(source: DiskFile): Promise<boolean>;
  truncate(sizeBytes: number): Promise<void>;
  identity(): Promise<FileIdentity>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface Disk {
  /** From how many bytes on `copyFrom` pays; fewer are sooner read and written. */
  readonly kernelCopyBytes: number;
  /** For reading. Never waits on a FIFO. */
  open(path: string): Promise<DiskFile>;
  /** For writing, and reading back; EEXIST where the name is taken. */
  create(path: string, mode?: number): Promise<DiskFile>;
  /** Null where there is nothing. */
  identity(path: string): Promise<FileIdentity | null>;
  /** Like `identity`, at once, on the calling thread, which a mount that hangs would hold up. */
  glance(path: string): FileIdentity | null;
  /** Names in a folder; none where there is no folder. */
  list(path: string): Promise<string[]>;
  /** EEXIST where `to` is taken: exactly one of many callers wins. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /**
   * Both names are there, and each leads to what the other led to: in one step, so that whatever lay at `to`
   * now lies at `from`. Throws a code of `cannotExchange` where system or file system have no such call.
   */
  exchange(from: string, to: string): Promise<void>;
  /**
   * For want of `exchange`: renames unless `to` leads to another file than `expected`; then false. Between
   * that look and the rename there is nothing but the call itself, and what comes in it is replaced.
   */
  renameOver(from: string, to: string, expected: FileIdentity | null): Promise<boolean>;
  /** False where there was nothing to remove. */
  remove(path: string): Promise<boolean>;
  /** False where it holds something, or is gone. */
  removeFolder(path: string): Promise<boolean>;
  /** Moves the times of the file to now, as a sign of life. False where there is nothing. */
  touch(path: string): Promise<boolean>;
  /** With the folders above it. The topmost that was made; null where all were there. */
  makeFolder(path: string): Promise<string | null>;
  /** Makes the folder's entries durable: a rename or link is not, before this. */
  syncFolder(path: string): Promise<void>;
}

export const nodeDisk: Disk = {
  kernelCopyBytes: 1 << 20,
  open: (path) =>
    waitFor(path, async () =>
      wrap(await open(path, constants.O_RDONLY | constants.O_NONBLOCK), path),
    ),
  create: (path, mode = 0o644) =>
    waitFor(path, async () => wrap(await open(path, 'wx+', mode), path)),
  identity: (path) =>
    waitFor(path, () =>
      unlessAbsent(async () => identityOf(await stat(path, { bigint: true })), null),
    ),
  glance: (path) => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? null : identityOf(stats);
  },
  list: (path) => waitFor(path, () => unlessAbsent(() => readdir(path), [])),
  link: (from, to) => waitFor(to, () => link(from, to)),
  rename: (from, to) => waitFor(to, () => rename(from, to)),
  exchange: (from, to) => waitFor(to, () => exchange(from, to)),
  renameOver: async (from, to, expected) => {
    if (!isSameFile(nodeDisk.glance(to), expected)) return false;
    renameSync(from, to);
    return true;
  },
  remove: (path) => waitFor(path, () => unlessAbsent(() => unlink(path).then(() => true), false)),
  removeFolder: (path) => waitFor(path, () => removeFolder(path)),
  touch: (path) => {
    const now = new Date();
    return waitFor(path, () => unlessAbsent(() => utimes(path, now, now).then(() => true), false));
  },
  makeFolder: (path) => waitFor(path, () => makeFolder(path)),
  syncFolder: (path) => waitFor(path, () => syncFolder(path), syncAllowedMs),
};

/** Not by `recursive`, which hides that a file system is read-only, and tries for ever in /proc. */
async function makeFolder(path: string): Promise<string | null> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return null;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
  }
  const topmost = await makeFolder(dirname(path));
  await mkdir(path).catch((error) => {
    // Made by another process meanwhile.
    if (errorCode(error) !== 'EEXIST') throw error;
  });
  return topmost ?? path;
}

async function removeFolder(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function wrap(handle: FileHandle, path: string): DiskFile {
  return {
    descriptor: handle.fd,
    read: async (buffer, position) =>
      (await waitFor(path, () => handle.read(buffer, 0, buffer.length, position))).bytesRead,
    write: async (buffer, position) =>
      (await waitFor(path, () => handle.write(buffer, 0, buffer.length, position), syncAllowedMs))
        .bytesWritten,
    copyFrom: (source) => waitFor(path, () => copyInKernel(source, handle), syncAllowedMs),
    truncate: (sizeBytes) => waitFor(path, () => handle.truncate(sizeBytes), syncAllowedMs),
    identity: async () => identityOf(await waitFor(path, () => handle.stat({ bigint: true }))),
    sync: () => waitFor(path, () => handle.sync(), syncAllowedMs),
    close: () => waitFor(path, () => handle.close()),
  };
}

/**
 * Node copies by path only. On Linux /proc leads to the opened files themselves: whoever renames or removes names
 * meanwhile, the source is the file that was verified, and the target the one that was created. The copy has the mode
 * of its source.
 */
async function copyInKernel(source: DiskFile, target: FileHandle): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const pathOf = (descriptor: number) => `/proc/self/fd/${descriptor}`;
  try {
    await copyFile(pathOf(source.descriptor), pathOf(target.fd), constants.COPYFILE_FICLONE);
  } catch (error) {
    // No /proc here, or files that may be used but not opened again.
    if (['ENOENT', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
  return true;
}

interface BigStats {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  isFile(): boolean;
}

function identityOf(stats: BigStats): FileIdentity {
  const { dev, ino, mtimeNs, ctimeNs } = stats;
  return { dev, ino, mtimeNs, ctimeNs, sizeBytes: Number(stats.size), isFile: stats.isFile() };
}

/** Whether both are one file, or both are none. */
export function isSameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  if (a === null || b === null) return a === b;
  return a.dev === b.dev && a.ino === b.ino;
}

/** The errors of `exchange` that say that there is no such thing here. */
export const cannotExchange: readonly (string | null)[] = [
  'ENOSYS',
  'EINVAL',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
];

/** Same file, untouched since. */
export function sameIdentity(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return sameContent(a, b) && a?.ctimeNs === b?.ctimeNs;
}

/** Like `sameIdentity`, but blind to renames and links of the file, which move only its ctime. */
export function sameContent(a: FileIdentity | null, b: FileIdentity | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.dev === b.dev && a.ino === b.ino && a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs
  );
}

export function errorCode(error: unknown): string | null {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : null;
}

/** Whether the system refused something, such as a disk that is full: its errors have the codes of errno(3). */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && /^E[A-Z0-9]+$/.test(errorCode(error) ?? '');
}

export async function unlessAbsent<T, F>(action: () => Promise<T>, otherwise: F): Promise<T | F> {
  try {
    return await action();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return otherwise;
    throw error;
  }
}
