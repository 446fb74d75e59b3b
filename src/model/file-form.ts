/** What a raw file is, as the end of its name says, and who can read it. */
import type { EngineName } from './engine.js';

export type FileFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet';

/** Of the whole file; Parquet compresses its own pages. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** Plain values only, because it is sent to threads. */
export interface FileForm {
  readonly format: FileFormat;
  readonly compression: Compression;
}

/** Such as `.csv` or `.jsonl.gz`. */
export const formEnding = /\.(csv|tsv|jsonl|parquet)(?:\.(gz|zst))?$/i;

const compressions: Readonly<Record<string, Compression>> = { gz: 'gzip', zst: 'zstd' };

/** In upper or lower case. Null where the end of the name says nothing, or what nobody writes: `.parquet.gz`. */
export function fileFormOf(name: string): FileForm | null {
  const [, format, compressed = ''] = formEnding.exec(name.toLowerCase()) ?? [];
  const compression = compressions[compressed] ?? 'none';
  if (format === undefined || (format === 'parquet' && compression !== 'none')) return null;
  return { format: format as FileFormat, compression };
}

export const plainCsv: FileForm = { format: 'csv', compression: 'none' };

/** What each engine reads. The definition `wide` has no use for other formats than csv. */
const readBy: Readonly<Record<EngineName | 'wide', (form: FileForm) => boolean>> = {
  wide: ({ format }) => format === 'csv',
  scan: ({ format }) => format === 'csv',
  csv: ({ format }) => format !== 'parquet',
  // Not every cluster has a codec for zstd.
  spark: ({ format, compression }) => format === 'csv' && compression !== 'zstd',
  duckdb: () => true,
};

/** Those of `endings` that the engine, or the definition, cannot read. */
export function unreadBy(reader: keyof typeof readBy, endings: readonly string[]): string[] {
  return endings.filter((ending) => {
    const form = fileFormOf(ending);
    return form === null || !readBy[reader](form);
  });
}
