/**
 * Times finer than a microsecond that DuckDB would cut to one: those of INT96, and nanoseconds adjusted to UTC. Hardly
 * a file has any, but nearly all that Spark writes have such a column; so that is read here, and only that.
 */
import type { FileMetaData } from 'hyparquet';
import type { RawProblem } from '../../../model/raw-problem.js';
import { mostKept, problemIn } from '../../problems.js';
import type { OpenRawFile } from '../../raw-bytes.js';
import type { PageSignals } from './pages.js';
import { read } from './tail.js';

export interface FoundProblems {
  /** The first of them. */
  readonly problems: readonly RawProblem[];
  readonly count: number;
}

/** A column of such a type. */
export interface FineColumn {
  readonly path: readonly string[];
  /** As it is declared. */
  readonly name: string;
}

const rowsAtOnce = 100_000;

const tooFine =
  'it is finer than a microsecond, which is not read from INT96, or from nanoseconds adjusted to UTC; write the column in microseconds, or in nanoseconds without a zone';

type Rows = readonly Readonly<Record<string, unknown>>[];

export async function fineTimes(
  handle: OpenRawFile,
  file: string,
  { path, name }: FineColumn,
  { signal }: PageSignals,
): Promise<FoundProblems> {
  const problems: RawProblem[] = [];
  let count = 0;
  try {
    const table = await openTable(handle, path[0] as string);
    for (let from = 0; from < table.rows; from += rowsAtOnce) {
      signal.throwIfAborted();
      for (const [index, row] of (await table.read(from, from + rowsAtOnce)).entries()) {
        const nanos = valueAt(row, path);
        if (nanos === null || nanos % 1000n === 0n) continue;
        count += 1;
        if (problems.length === mostKept) continue;
        const place = { line: from + index + 1, column: name, value: shown(nanos) };
        problems.push(problemIn(file, tooFine, place));
      }
    }
    return { problems, count };
  } catch (error) {
    signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    const message = `the file is damaged: the times of this column cannot be read (${(error as Error).message}). Deliver it again`;
    return { problems: [problemIn(file, message, { column: name })], count: 1 };
  }
}

interface Table {
  readonly rows: number;
  read(from: number, to: number): Promise<Rows>;
}

/** Loaded by the first that needs it. */
async function openTable(handle: OpenRawFile, column: string): Promise<Table> {
  const { parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const { file, throwFailure } = sliced(handle);
  const options = { geoparquet: false, parsers: { timestampFromNanoseconds: asItIs } };
  const metadata: FileMetaData = await parquetMetadataAsync(file, options);
  const common = { file, metadata, columns: [column], compressors, ...options };
  return {
    rows: Number(metadata.num_rows),
    read: async (rowStart, rowEnd) => {
      const rows = await parquetReadObjects({ ...common, rowStart, rowEnd });
      throwFailure();
      return rows;
    },
  };
}

/**
 * The file as hyparquet takes it. No slice is ever rejected: hyparquet asks for many at once, and after an error it waits for
 * none of the others. Damaged offsets give fewer bytes.
 */
function sliced(handle: OpenRawFile) {
  let failure: unknown = null;
  const slice = async (from: number, to = handle.sizeBytes): Promise<ArrayBuffer> => {
    const start = Math.min(Math.max(0, from), handle.sizeBytes);
    const length = Math.max(0, Math.min(to, handle.sizeBytes) - start);
    const bytes = await read(handle, start, length).catch((error) => {
      failure = error;
      return Buffer.alloc(0);
    });
    return Uint8Array.from(bytes).buffer;
  };
  const throwFailure = () => {
    if (failure !== null) throw failure;
  };
  return { file: { byteLength: handle.sizeBytes, slice }, throwFailure };
}

function asItIs(nanos: bigint): bigint {
  return nanos;
}

/** Null where it, or a struct on the way to it, is null. */
function valueAt(row: unknown, path: readonly string[]): bigint | null {
  let value = row;
  for (const name of path) {
    if (value === null || value === undefined) return null;
    if (!Object.hasOwn(value, name)) throw new Error(`there is no ${name}`);
    value = (value as Record<string, unknown>)[name];
  }
  if (value === null || value === undefined) return null;
  if (typeof value !== 'bigint') throw new Error('they are no whole numbers');
  return value;
}

function shown(nanos: bigint): string {
  const below = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const second = new Date(Number((nanos - below) / 1_000_000n));
  const start = Number.isNaN(second.getTime()) ? 'beyond' : second.toISOString().slice(0, 19);
  return `${start}.${String(below).padStart(9, '0')}Z`;
}
