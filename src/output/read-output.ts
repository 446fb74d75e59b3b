/** Reading from the output: one day's rows by range, or the file as a stream. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Day, DayLayout } from '../core/day.js';
import type { OutputFile, OutputRow } from '../core/ports.js';
import { type Disk, readRange, sameIdentity, unlessAbsent, withFile } from '../disk/disk.js';
import type { LocatedState } from './locate.js';
import type { StateFolder } from './state-folder.js';

interface Place {
  readonly disk: Disk;
  readonly folder: StateFolder;
  readonly layout: DayLayout;
}

/** Null when the file is no longer the one that `state` describes: look again. */
export async function readDay(
  place: Place,
  state: LocatedState,
  day: Day,
): Promise<readonly OutputRow[] | null> {
  const source = state.contents.days.get(day)?.source;
  if (source === undefined) return [];
  const bytes = source.kind === 'bytes' ? source.bytes : await readBytes(place, state, source);
  if (bytes === null) return null;
  const records: string[][] = parse(bytes, { record_delimiter: '\n' });
  return records.map(([, hour, category = '', items]) => ({
    day,
    hour: Number(hour),
    category,
    items: Number(items),
  }));
}

async function readBytes(
  { disk, folder }: Place,
  state: LocatedState,
  range: { readonly offset: number; readonly length: number },
): Promise<Buffer | null> {
  const file = await unlessAbsent(() => disk.open(folder.output), null);
  if (file === null) return null;
  return withFile(file, async () => {
    if (!sameIdentity(await file.identity(), state.identity)) return null;
    const bytes = Buffer.alloc(range.length);
    await readRange(file, range, (block, position) => {
      block.copy(bytes, position - range.offset);
    });
    return bytes;
  });
}

/** Opened once: a commit in the meantime replaces the name, not what is being read. */
export async function openOutput(folder: StateFolder): Promise<OutputFile | null> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const handle = await unlessAbsent(() => open(folder.output, flags), null);
  if (handle === null) return null;
  const { ino, size, mtimeNs } = await handle.stat({ bigint: true });
  // An empty file is as good as none, here as everywhere.
  if (size === 0n) {
    await handle.close();
    return null;
  }
  const validator = createHash('sha256').update(`${ino}-${size}-${mtimeNs}`).digest('base64url');
  return {
    sizeBytes: Number(size),
    etag: `"${validator.slice(0, 22)}"`,
    // No further than it reached when it was opened: whoever appends to the file in place (even from
    // this very stream) must not make it endless.
    read: () => handle.createReadStream({ start: 0, end: Number(size) - 1 }),
    close: () => handle.close(),
  };
}
