import { RawReadError } from '../../core/failures.js';
import type { RawFile } from '../../core/ports/raw.js';
import { type CsvForm, definitionFor, type RawColumns } from '../../model/columns-definition.js';
import type { ColumnsJob } from '../csv/columns/aggregate-columns.js';
import type { ColumnsHeader } from '../csv/columns/header.js';
import type { FileReading } from '../day-result.js';
import type { TextSize } from '../text-meter.js';
import { thrownBy } from '../threads/thread-failure.js';
import type { Threads } from '../threads/thread-pool.js';
import type { ParquetFile, Tier } from './columns-sql.js';
import { type LookAtText, type LookSignals, lookAtText, type TextLook } from './look-at-text.js';
import { type LookAtParquet, lookAtParquet, type ParquetLook } from './parquet/look-at-parquet.js';
import { readingOf } from './parquet/reference.js';
import { patternSigns } from './paths.js';

export type FileLook = TextFileLook | ParquetFileLook;

export interface TextFileLook extends TextLook {
  readonly tier: Tier;
}

export type ParquetFileLook = TextSize &
  Pick<TextLook, 'rows' | 'undeclared'> &
  Pick<FileReading, 'lacking'> &
  ParquetFile;

/** Null if the file is odd or cannot be read. Throws the signal's reason. */
export type LookAtFile = (
  file: RawFile,
  job: Pick<ColumnsJob, 'day' | 'definition' | 'signal' | 'onBytes'>,
) => Promise<FileLook | null>;

/** Null unless all cells of the file are written in a form that DuckDB’s types read as the reference does. */
export type LookAtPlain = (
  ...asked: Parameters<LookAtFile>
) => Promise<(Pick<TextLook, 'rows'> & TextSize & { readonly header: ColumnsHeader }) | null>;

/** A smaller file is looked at sooner than a thread is told of it. */
const pooledFromBytes = 262_144;

export function createLookAtFile(pool: Threads, plain?: LookAtPlain): LookAtFile {
  const onThread = lookOnThread(pool);
  const atParquet = createLookAtParquet(pool);
  return async (file, { day, definition, ...signals }) => {
    const { format } = file.form;
    // In one query with the other file that it can mean, its rows would count twice. The reference asks for each file by
    // itself, where DuckDB refuses to read any other.
    if (patternSigns.test(file.path)) return null;
    if (format === 'parquet') return parquetLook(file, atParquet(file, definition, signals));
    const isText = format === 'csv' || format === 'tsv';
    if (!isText) return null;
    const facts = (await plain?.(file, { day, definition, ...signals })) ?? null;
    if (facts !== null) {
      const { header, ...seen } = facts;
      const { names, undeclared } = header;
      return { ...seen, names, undeclared, spansLines: false, tier: 'typed' };
    }
    if (hasQuotedNull(definitionFor(file.form, definition).csv)) return null;
    const look = file.sizeBytes < pooledFromBytes ? lookAtText : onThread;
    const seen = await look(file, definition, signals);
    return seen && { ...seen, tier: 'text' };
  };
}

/** Only a quoted cell can be one of these, and DuckDB does not take them for `nullstr`. */
function hasQuotedNull({ nulls, delimiter, quote }: CsvForm): boolean {
  return nulls.some((text) => text.includes(delimiter) || text.includes(quote ?? delimiter));
}

/** Throws RawReadError, or the signal's reason. */
export function createLookAtParquet(pool: Threads): LookAtParquet {
  return async (file, definition, signals) => {
    if (file.sizeBytes < pooledFromBytes) return lookAtParquet(file, definition, signals);
    return (await lookedOnThread(pool, file, definition, signals)) as ParquetLook;
  };
}

async function parquetLook(
  file: RawFile,
  looking: Promise<ParquetLook>,
): Promise<ParquetFileLook | null> {
  try {
    const look = await looking;
    if (look.kind === 'wrong') return null;
    const { rows, columns, ...size } = readingOf(file, look);
    return { ...size, rows, undeclared: columns ?? [], path: file.path, parquet: look };
  } catch (error) {
    // The reference says it of its day alone.
    if (error instanceof RawReadError) return null;
    throw error;
  }
}

function lookOnThread(pool: Threads): LookAtText {
  return async (file, definition, signals) =>
    (await lookedOnThread(pool, file, definition, signals)) as TextLook | null;
}

async function lookedOnThread(
  pool: Threads,
  file: RawFile,
  definition: RawColumns,
  { signal, onBytes }: LookSignals,
): Promise<TextLook | ParquetLook | null> {
  const task = { file, definition };
  const outcome = await pool.run('look', task, { signal, ...(onBytes && { onBytes }) });
  signal.throwIfAborted();
  if (outcome.kind !== 'looked') throw thrownBy(outcome);
  return outcome.look;
}
