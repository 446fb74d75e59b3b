/** Verifying the output against its record: every byte is hashed once, none is parsed. */
import { createHash } from 'node:crypto';
import type { DiskFile } from '../disk/disk.js';
import { readRange } from '../disk/whole-files.js';
import type { CommitRecord, RecordedDay } from './commit-record.js';

/** A file that is not what it should be is not read much further than to where that shows. */
const stretchBytes = 16 << 20;

/** Whether `file` (of `sizeBytes`) is the header and then exactly the days of `record`. */
export async function matchesRecord(
  file: DiskFile,
  sizeBytes: number,
  record: CommitRecord,
  header: Buffer,
): Promise<boolean> {
  const rowsBytes = record.days.reduce((sum, day) => sum + day.sizeBytes, 0);
  if (sizeBytes !== header.length + rowsBytes) return false;
  if (record.days.some((day) => day.rows > 0 !== day.sizeBytes > 0)) return false;
  if (!(await readHeader(file, header)).equals(header)) return false;

  const comparison = new DayComparison(record.days);
  for (let offset = header.length; offset < sizeBytes; offset += stretchBytes) {
    const length = Math.min(stretchBytes, sizeBytes - offset);
    await readRange(file, { offset, length }, (block) => comparison.take(block));
    if (comparison.failed) return false;
  }
  return true;
}

async function readHeader(file: DiskFile, header: Buffer): Promise<Buffer> {
  const found = Buffer.alloc(header.length);
  await readRange(file, { offset: 0, length: header.length }, (block, position) => {
    block.copy(found, position);
  });
  return found;
}

/** Days one behind the other, hashed from blocks as they come: a block for each day would be many reads. */
class DayComparison {
  failed = false;
  readonly #days: Iterator<RecordedDay>;
  #hash = createHash('sha256');
  #sha256 = '';
  #leftBytes = 0;

  constructor(days: readonly RecordedDay[]) {
    this.#days = days.filter(({ sizeBytes }) => sizeBytes > 0).values();
    this.#next();
  }

  take(block: Buffer): void {
    for (let at = 0; at < block.length && !this.failed; ) {
      const piece = block.subarray(at, at + this.#leftBytes);
      this.#hash.update(piece);
      this.#leftBytes -= piece.length;
      at += piece.length;
      if (this.#leftBytes > 0) return;
      this.failed = this.#hash.digest('hex') !== this.#sha256;
      this.#next();
    }
  }

  #next(): void {
    const { value: day } = this.#days.next();
    this.#hash = createHash('sha256');
    this.#sha256 = day?.sha256 ?? '';
    this.#leftBytes = day?.sizeBytes ?? 0;
  }
}
