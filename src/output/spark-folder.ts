/** What Spark leaves where a file is expected: a folder of part files, with markers and checksums beside them. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, createGunzip } from 'node:zlib';
import { unlessAbsent } from '../disk/disk.js';
import { lstat, readNames } from '../disk/look-at.js';
import { waitFor } from '../disk/waits.js';
import type { OutputShape } from '../model/column.js';
import { layoutOf } from '../model/day.js';
import { withoutZeros } from '../model/read-cell.js';
import { headerLine } from './encode.js';

export interface SparkFolder {
  readonly path: string;
  /** The names of its parts, sorted: CSV, perhaps in gzip. */
  readonly parts: readonly string[];
}

/** Null where `path` leads to no folder, or to one without parts that are CSV, or with others beside them. */
export async function sparkFolderAt(path: string): Promise<SparkFolder | null> {
  const found = await unlessAbsent(() => lstat(path), null);
  if (!found?.isDirectory()) return null;
  const { parts, others } = sorted(await readNames(path));
  return parts.length > 0 && others.length === 0 ? { path, parts } : null;
}

export function isGzip(part: string): boolean {
  return part.endsWith('.gz');
}

/** Whether a part's first line is no row: Spark writes a header into every part or, by default, into none. */
export function isHeader(line: string, { dayKind }: Pick<OutputShape, 'dayKind'>): boolean {
  const [cell = ''] = line.replace(/^\ufeff/, '').split(',');
  return layoutOf(dayKind).parse(withoutZeros(cell.replaceAll('"', ''))) === null;
}

/** The first line of a part, as far as it lies within the first 64 KiB; empty where the part is. */
export async function firstLineOf(path: string): Promise<string> {
  const start = createReadStream(path, { end: (1 << 16) - 1 });
  // What is cut off in the middle gives what it has.
  const bytes = isGzip(path)
    ? start.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }))
    : start;
  start.on('error', (error) => bytes.destroy(error));
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) {
    chunks.push(chunk);
    if (chunk.includes('\n')) break;
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/);
  return line;
}

/** A sentence for people: what the folder at `path` is, and what to do so that a file lies there. */
export async function describeFolder(path: string, shape: OutputShape): Promise<string> {
  const entries = await waitFor(path, () => readdir(path, { withFileTypes: true }));
  const { parts, others } = sorted(entries.map(({ name }) => name));
  const elsewhere = `move the folder away, or set DAYMARK_OUTPUT_FILE to a file`;
  if (others.length > 0) {
    return `${path} is a folder with part files that are not CSV, such as ${others[0]}; ${elsewhere}.`;
  }
  if (parts.length > 0) return describeParts(path, parts, shape);
  const inner = entries.find((entry) => entry.isDirectory() && !/^[._]/.test(entry.name));
  if (inner === undefined) return `${path} is a folder, and not a file; ${elsewhere} in it.`;
  return `${path} is a folder of folders, such as ${inner.name}, and not one file with all days; ${elsewhere}.`;
}

async function describeParts(
  path: string,
  parts: readonly string[],
  shape: OutputShape,
): Promise<string> {
  const count = parts.length === 1 ? 'one part file' : `${parts.length} part files`;
  return `${path} is a folder with ${count}, as Spark writes it, and not one file. Stop what writes it, make one file of its parts, and put that in its place:\n    ${await joinCommand(path, parts, shape)}`;
}

/** For a shell: makes the file beside the folder, and moves the folder away only when the file is whole. */
async function joinCommand(
  path: string,
  parts: readonly string[],
  shape: OutputShape,
): Promise<string> {
  const [made, kept] = [await freeName(`${path}.new`), await freeName(`${path}.spark`)];
  const [to, from, away] = [made, path, kept].map(quoted);
  const header = await missingHeader(path, parts, shape);
  const all = `${from}/part-*`;
  return `${readCommand(all, parts, header)} > ${to} && mv ${from} ${away} && mv ${to} ${from}`;
}

/** `awk` gives the last line of a part an end where it has none. */
function readCommand(all: string, parts: readonly string[], header: string | null): string {
  const packed = parts.some(isGzip);
  const each = `for part in ${all}; do gzip -cdf "$part"`;
  if (header !== null)
    return `(echo ${quoted(header)}; ${packed ? `${each} | awk 1; done` : `awk 1 ${all}`})`;
  if (!packed) return `awk 'NR == 1 || FNR > 1' ${all}`;
  return `(${each}; done | head -n 1; ${each} | awk 'NR > 1'; done)`;
}

/** What no part begins with; null where they have a header. */
async function missingHeader(
  path: string,
  parts: readonly string[],
  shape: OutputShape,
): Promise<string | null> {
  for (const part of parts) {
    const line = await firstLineOf(join(path, part)).catch(() => '');
    if (line === '') continue;
    const isRow = (['index', 'date'] as const).some((dayKind) => !isHeader(line, { dayKind }));
    return isRow ? headerLine(shape).toString().trim() : null;
  }
  return null;
}

/** Names with a dot or `_` in front are markers, checksums and what was not finished. */
function sorted(names: readonly string[]) {
  const all = names.filter((name) => name.startsWith('part-')).sort();
  const isCsv = (name: string) => /^part-[^.]+(?:\.csv)?(?:\.gz)?$/.test(name);
  return { parts: all.filter(isCsv), others: all.filter((name) => !isCsv(name)) };
}

async function freeName(wanted: string): Promise<string> {
  for (let name = wanted, next = 2; ; next += 1) {
    if ((await unlessAbsent(() => lstat(name), null)) === null) return name;
    name = `${wanted}-${next}`;
  }
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
