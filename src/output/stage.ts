/** Step 3 of the commit protocol: the whole new output, written beside the old one, on stable storage. */
import { join } from 'node:path';
import type { DaySource } from './contents.js';
import { type Disk, type DiskFile, readRange, withFile, writeAll } from './disk.js';
import type { StateFolder } from './state-folder.js';

export interface StagePlan {
  readonly name: string;
  readonly header: Buffer;
  readonly sources: readonly DaySource[];
  /** The output that ranges refer to; null where there is none. */
  readonly base: DiskFile | null;
  readonly signal: AbortSignal;
}

/** Writes `staged/{name}` exclusively; leaves nothing behind when that fails. A failed fsync is not retried. */
export async function stage(disk: Disk, folder: StateFolder, plan: StagePlan): Promise<void> {
  const path = join(folder.staged, plan.name);
  const file = await disk.create(path);
  try {
    await withFile(file, async () => {
      const sizeBytes = await splice(file, plan);
      const found = (await file.identity()).sizeBytes;
      if (found !== sizeBytes) {
        throw new Error(`the staged output has ${found} bytes instead of ${sizeBytes}`);
      }
      await file.sync();
    });
    await disk.syncFolder(folder.staged);
  } catch (error) {
    await disk.remove(path);
    throw error;
  }
}

async function splice(file: DiskFile, { header, sources, base, signal }: StagePlan) {
  await writeAll(file, header, 0);
  let end = header.length;
  for (const piece of coalesce(sources)) {
    if (piece.kind === 'bytes') {
      await writeAll(file, piece.bytes, end);
      end += piece.bytes.length;
      continue;
    }
    if (base === null) throw new Error('a range without a file to take it from');
    const shift = end - piece.offset;
    await readRange(base, piece, async (block, position) => {
      signal.throwIfAborted();
      await writeAll(file, block, position + shift);
    });
    end += piece.length;
  }
  return end;
}

/** Days that lie next to each other are copied as one range: appending a day copies the rest at once. */
function coalesce(sources: readonly DaySource[]): DaySource[] {
  const pieces: DaySource[] = [];
  for (const source of sources) {
    const last = pieces.at(-1);
    const follows =
      last?.kind === 'range' &&
      source.kind === 'range' &&
      last.offset + last.length === source.offset;
    if (follows) {
      pieces[pieces.length - 1] = { ...last, length: last.length + source.length };
    } else {
      pieces.push(source);
    }
  }
  return pieces;
}
