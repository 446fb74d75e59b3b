/** Step 3 of the commit protocol: the whole new output, written beside the old one, on stable storage. */
import { join } from 'node:path';
import { takeAccess } from '../disk/access.js';
import type { Disk, DiskFile, FileIdentity } from '../disk/disk.js';
import { readRange, withFile, writeAll } from '../disk/whole-files.js';
import { coalesce } from './contents.js';
import type { NextSource } from './next-index.js';
import { withFolders } from './place.js';
import type { StateFolder } from './state-folder.js';

export interface StagePlan {
  readonly name: string;
  /** The whole file, in order: header and days. */
  readonly sources: readonly NextSource[];
  /** The output that ranges refer to; null where there is none. */
  readonly base: { readonly file: DiskFile; readonly sizeBytes: number } | null;
  readonly signal: AbortSignal;
  /** Called if it cannot have the output's owner. */
  tell(warning: string): void;
}

/**
 * Writes `staged/{name}` exclusively, and says which file it is; leaves nothing behind when that fails. A
 * failed fsync is not retried.
 */
export async function stage(
  disk: Disk,
  folder: StateFolder,
  plan: StagePlan,
): Promise<FileIdentity> {
  const path = join(folder.staged, plan.name);
  // From the first byte, nobody may read it who may not read the output.
  const mode = plan.base === null ? undefined : 0o600;
  const file = await withFolders(disk, folder, () => disk.create(path, mode));
  try {
    const identity = await withFile(file, async () => {
      const isAsBase = plan.base === null || (await takeAccess(file, plan.base.file, plan.tell));
      // A copy by the kernel would have the rights of the output for another group, as long as it takes.
      const kernelCopyBytes = isAsBase ? disk.kernelCopyBytes : Number.POSITIVE_INFINITY;
      const sizeBytes = await splice(file, plan, kernelCopyBytes);
      await checkSize(file, sizeBytes);
      await file.sync();
      return file.identity();
    });
    await disk.syncFolder(folder.staged);
    return identity;
  } catch (error) {
    await disk.remove(path);
    throw error;
  }
}

async function splice(file: DiskFile, plan: StagePlan, kernelCopyBytes: number): Promise<number> {
  const pieces = coalesce(plan.sources);
  const inPlace = await copyBase(file, plan, pieces[0], kernelCopyBytes);
  let position = inPlace;
  for (const piece of inPlace === 0 ? pieces : pieces.slice(1)) {
    await writePiece(file, plan, piece, position);
    position += sizeOf(piece);
  }
  const copiedBytes = inPlace > 0 ? (plan.base?.sizeBytes ?? 0) : 0;
  if (copiedBytes > position) await file.truncate(position);
  return position;
}

/**
 * Where much of the base stays in its place, all of it is copied by the kernel, and what differs is then
 * written over. Returns how many bytes at the beginning are already right: those of `first`, or none.
 */
async function copyBase(
  file: DiskFile,
  { base, signal }: StagePlan,
  first: NextSource | undefined,
  kernelCopyBytes: number,
): Promise<number> {
  if (base === null || first?.kind !== 'range' || first.offset !== 0) return 0;
  if (first.length < kernelCopyBytes || first.length * 2 < base.sizeBytes) return 0;
  signal.throwIfAborted();
  if (!(await file.copyFrom(base.file))) return 0;
  // What is written behind it would hide that bytes are missing.
  await checkSize(file, base.sizeBytes);
  return first.length;
}

async function writePiece(
  file: DiskFile,
  { base, signal }: StagePlan,
  piece: NextSource,
  position: number,
): Promise<void> {
  let at = position;
  const write = async (block: Buffer) => {
    signal.throwIfAborted();
    await writeAll(file, block, at);
    at += block.length;
  };
  if (piece.kind === 'bytes') return write(piece.bytes);
  if (piece.kind === 'stored') return piece.bytes.read(write);
  if (base === null) throw new Error('a range without a file to take it from');
  await readRange(base.file, piece, write);
}

async function checkSize(file: DiskFile, sizeBytes: number): Promise<void> {
  const found = (await file.identity()).sizeBytes;
  if (found === sizeBytes) return;
  throw new Error(`the staged output has ${found} bytes instead of ${sizeBytes}`);
}

function sizeOf(piece: NextSource): number {
  return piece.kind === 'range' ? piece.length : piece.bytes.length;
}
