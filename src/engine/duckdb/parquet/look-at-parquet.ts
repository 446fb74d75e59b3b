/** What Daymark must know of a Parquet file before DuckDB reads it: its types, and whether its pages are sound. */
import { createHash } from 'node:crypto';
import type { EngineJob } from '../../../core/ports/engine.js';
import type { RawFile } from '../../../core/ports/raw.js';
import type { RawColumns } from '../../../model/columns-definition.js';
import type { RawProblem } from '../../../model/raw-problem.js';
import { blameFile } from '../../blame-file.js';
import { problemIn } from '../../problems.js';
import { type OpenRawFile, openRawFile } from '../../raw-bytes.js';
import { type FineColumn, type FoundProblems, fineTimes } from './fine-times.js';
import type { Chunk, Footer, SchemaNode } from './footer.js';
import { type FoundColumn, type MatchedColumns, matchColumns, nameOf } from './match-columns.js';
import { faultInPages } from './pages.js';
import { readTail } from './tail.js';
import { isCutByDuckDb } from './take-types.js';

/** Plain values only, because threads send them. */
export type ParquetLook =
  | (MatchedColumns & {
      readonly kind: 'sound';
      readonly rows: number;
      /** How many columns it has, those in structs not counted. */
      readonly width: number;
      /** Equal for files that DuckDB can read as one. */
      readonly likeness: string;
    })
  | (FoundProblems & { readonly kind: 'wrong' });

export type SoundLook = Extract<ParquetLook, { kind: 'sound' }>;

export type LookSignals = Pick<EngineJob, 'signal' | 'onBytes'>;

/** Throws RawReadError, or the signal's reason. */
export type LookAtParquet = (
  file: RawFile,
  definition: RawColumns,
  signals: LookSignals,
) => Promise<ParquetLook>;

/** Where it is called. */
export const lookAtParquet: LookAtParquet = async (file, definition, signals) => {
  signals.signal.throwIfAborted();
  const handle = await openRawFile(file);
  try {
    return await lookAt(handle, file, definition, signals);
  } catch (error) {
    throw blameFile(file.name, error);
  } finally {
    await handle.close();
  }
};

async function lookAt(
  handle: OpenRawFile,
  file: RawFile,
  definition: RawColumns,
  signals: LookSignals,
): Promise<ParquetLook> {
  const footer = await readTail(handle, handle.sizeBytes);
  if ('refused' in footer) return wrong([problemIn(file.name, footer.refused)]);
  const matched = matchColumns(footer.nodes, file.name, definition);
  if ('problems' in matched) return wrong(matched.problems);
  const faults = await faultsIn(handle, file, footer, readOf(matched), signals);
  if (faults.length > 0) return wrong(faults);
  for (const column of fineColumns(matched, footer.nodes)) {
    const found = await fineTimes(handle, file.name, column, signals);
    if (found.count > 0) return { kind: 'wrong', ...found };
  }
  const width = footer.nodes.filter(({ path }) => path.length === 1).length;
  const likeness = likenessOf(footer.nodes);
  return { kind: 'sound', ...matched, rows: footer.rows, width, likeness };
}

function wrong(problems: readonly RawProblem[]): ParquetLook {
  return { kind: 'wrong', problems, count: problems.length };
}

function fineColumns({ declared }: MatchedColumns, nodes: readonly SchemaNode[]): FineColumn[] {
  const leaves = new Set(
    declared.flatMap((found) => (found !== null && isCutByDuckDb(found.type) ? [found.leaf] : [])),
  );
  return nodes.flatMap((node) =>
    node.shape === 'column' && leaves.has(node.leaf)
      ? [{ path: node.path, name: nameOf(node) }]
      : [],
  );
}

/** The columns that are read, by their places among those of a row group. */
function readOf({ declared, day }: MatchedColumns): readonly number[] {
  return [...declared, day].flatMap((each: FoundColumn | null) => (each === null ? [] : each.leaf));
}

function likenessOf(nodes: readonly SchemaNode[]): string {
  const told = nodes.map(({ path, element, shape }) => [path, shape, element?.words]);
  return createHash('sha256').update(JSON.stringify(told)).digest('base64');
}

// ---------------------------------------------------------------- pages

/** Those that DuckDB has a decoder for, and the others. */
const codecs = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];
const unread: ReadonlySet<string> = new Set(['LZO', 'LZ4']);

async function faultsIn(
  handle: OpenRawFile,
  file: RawFile,
  { nodes, groups }: Footer,
  leaves: readonly number[],
  signals: LookSignals,
): Promise<readonly RawProblem[]> {
  const names = new Map(
    nodes.flatMap((node) => (node.shape === 'column' ? [[node.leaf, nameOf(node)] as const] : [])),
  );
  const problems: RawProblem[] = [];
  for (const leaf of new Set(leaves)) {
    const column = names.get(leaf) ?? '';
    for (const { rows, chunks } of groups) {
      const fault = await faultIn(handle, chunks[leaf] as Chunk, rows, signals);
      if (fault === null) continue;
      problems.push(problemIn(file.name, fault, { column }));
      break;
    }
  }
  return problems;
}

async function faultIn(
  handle: OpenRawFile,
  chunk: Chunk,
  rows: number,
  signals: LookSignals,
): Promise<string | null> {
  const codec = codecs[chunk.codec] ?? 'an unknown codec';
  if (chunk.encrypted) return 'this column is encrypted; deliver the file without encryption';
  if (chunk.elsewhere) return 'the pages of this column are in another file; write them into one';
  if (unread.has(codec) || chunk.codec >= codecs.length) {
    return `this column is compressed with ${codec}, which cannot be read; write it with snappy, zstd, gzip, brotli, lz4_raw or none`;
  }
  if (chunk.values !== rows) {
    return `the file is damaged: this column has ${chunk.values} values in a row group of ${rows} rows. Deliver it again`;
  }
  const fault = await faultInPages(handle, chunk, handle.sizeBytes, signals);
  return fault && `the file is damaged: in this column, ${fault}. Deliver it again`;
}
