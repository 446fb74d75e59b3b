/** Reading from the output: rows by range, or the file as a stream. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { cursorCell } from '../core/cursor-name.js';
import type { OutputFile, PlacedRow, RowPlace, RowQuery } from '../core/ports/output.js';
import { type Disk, type DiskFile, nodeDisk, sameIdentity, unlessAbsent } from '../disk/disk.js';
import { withFile } from '../disk/whole-files.js';
import type { OutputShape } from '../model/column.js';
import type { Day } from '../model/day.js';
import { type CanonicalRow, eachRow, type RowSource } from './canonical-rows.js';
import { coalesce } from './contents.js';
import type { LocatedState } from './locate.js';
import type { StateFolder } from './state-folder.js';

interface Place {
  readonly disk: Disk;
  readonly folder: StateFolder;
}

/** False when the file is no longer the one that `state` describes: look again. */
export async function readRows(
  { disk, folder }: Place,
  state: LocatedState,
  { days, behind }: RowQuery,
  take: (row: PlacedRow) => boolean,
): Promise<boolean> {
  const { shape } = state;
  const known = days.map((day) => state.contents.days.get(day)?.source);
  const pieces = coalesce(known.filter((source) => source !== undefined));
  if (pieces.length === 0) return true;
  const file = await unlessAbsent(() => disk.open(folder.output), null);
  if (file === null) return false;
  return withFile(file, async () => {
    if (!sameIdentity(await file.identity(), state.identity)) return false;
    let first = behind;
    for (const piece of pieces) {
      const stretch = piece.kind === 'range' ? { ...piece, from: file } : inMemory(piece.bytes);
      if (!(await readStretch({ ...stretch, shape }, first, take))) break;
      first = null;
    }
    return true;
  });
}

async function readStretch(
  stretch: Stretch,
  behind: RowPlace | null,
  take: (row: PlacedRow) => boolean,
): Promise<boolean> {
  const skipBytes = await bytesUpTo(stretch, behind);
  const range = { offset: stretch.offset + skipBytes, length: stretch.length - skipBytes };
  const place = placing(stretch.offset, skipBytes === 0 ? null : behind);
  return eachRow(stretch.from, stretch.shape, range, (row, position) => take(place(row, position)));
}

interface Stretch {
  readonly shape: OutputShape;
  readonly from: RowSource;
  readonly offset: number;
  readonly length: number;
}

function inMemory(bytes: Buffer): Omit<Stretch, 'shape'> {
  const read = async (buffer: Buffer, position: number) => bytes.copy(buffer, 0, position);
  return { from: { read }, offset: 0, length: bytes.length };
}

/**
 * How much lies before the rows behind this one; 0 where it does not lie there. What comes from a client may
 * lead anywhere, also into the middle of a row.
 */
async function bytesUpTo({ from, shape, offset, length }: Stretch, row: RowPlace | null) {
  if (row === null || row.at >= length) return 0;
  const range = { offset: offset + row.at, length: length - row.at };
  let endsAt = 0;
  const compare = (found: CanonicalRow) => {
    const isSame = isDeepStrictEqual(found.key.map(cursorCell), row.key);
    if (found.day === row.day && isSame) endsAt = row.at + found.sizeBytes;
    return false;
  };
  await eachRow(from, shape, range, compare).catch(() => {});
  return endsAt;
}

/** Counts from where each day begins: the first one with its stretch, the others behind another day's rows. */
function placing(offset: number, behind: RowPlace | null) {
  let [current, dayStart] = [behind?.day as string | undefined, offset];
  return (row: CanonicalRow, position: number): PlacedRow => {
    if (current !== undefined && row.day !== current) dayStart = position;
    current = row.day;
    return { ...row, day: row.day as Day, at: position - dayStart };
  };
}

/** Opened once: a commit in the meantime replaces the name, not what is being read. */
export async function openOutput(folder: StateFolder): Promise<OutputFile | null> {
  const file = await unlessAbsent(() => nodeDisk.open(folder.output), null);
  if (file === null) return null;
  const { ino, sizeBytes, mtimeNs } = await file.identity().catch(async (error) => {
    await file.close();
    throw error;
  });
  // An empty file is as good as none, here as everywhere.
  if (sizeBytes === 0) {
    await file.close();
    return null;
  }
  const validator = createHash('sha256').update(`${ino}-${sizeBytes}-${mtimeNs}`);
  return {
    sizeBytes,
    etag: `"${validator.digest('base64url').slice(0, 22)}"`,
    read: () => streamOf(file, sizeBytes),
    close: () => file.close(),
  };
}

const chunkBytes = 65_536;

/**
 * No further than it reached when it was opened: whoever appends to the file in place (even from this very stream) must
 * not make it endless. Closes the file at its end.
 */
function streamOf(file: DiskFile, sizeBytes: number): Readable {
  let position = 0;
  return new Readable({
    read() {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, sizeBytes - position));
      const take = (count: number) => {
        position += count;
        this.push(count === 0 ? null : chunk.subarray(0, count));
      };
      file.read(chunk, position).then(take, (error) => this.destroy(error));
    },
    destroy(error, done) {
      file.close().then(() => done(error), done);
    },
  });
}
