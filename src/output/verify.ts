/** Verifying the output against its record: every byte is hashed once, none is parsed. */
import { createHash } from 'node:crypto';
import { type DiskFile, readRange } from '../disk/disk.js';
import type { CommitRecord } from './commit-record.js';

/** Whether `file` (of `sizeBytes`) is the header and then exactly the days of `record`. */
export async function matchesRecord(
  file: DiskFile,
  sizeBytes: number,
  record: CommitRecord,
  header: Buffer,
): Promise<boolean> {
  const rowsBytes = record.days.reduce((sum, day) => sum + day.sizeBytes, 0);
  if (sizeBytes !== header.length + rowsBytes) return false;

  if (!(await readHeader(file, header)).equals(header)) return false;
  let offset = header.length;
  for (const day of record.days) {
    const range = { offset, length: day.sizeBytes };
    if (day.rows > 0 && (await hashRange(file, range)) !== day.sha256) return false;
    offset += day.sizeBytes;
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

async function hashRange(
  file: DiskFile,
  range: { readonly offset: number; readonly length: number },
): Promise<string> {
  const hash = createHash('sha256');
  await readRange(file, range, (block) => {
    hash.update(block);
  });
  return hash.digest('hex');
}
