/** The days of a session while it works, and what it has to work with. */
import type { EngineJob } from '../../core/ports/engine.js';
import type { RawFile } from '../../core/ports/raw.js';
import type { ByteMeter } from '../byte-meter.js';
import type { AggregateColumns } from '../csv/columns/aggregate-columns.js';
import type { FileReader } from '../day-result.js';
import type { FileLook } from './look-at-file.js';
import type { PlannedFile } from './plan.js';
import type { SeenFile } from './results.js';
import type { SparkSettings } from './settings.js';

export interface SparkMeans {
  readonly settings: SparkSettings;
  /** Where staging folders are made. */
  readonly stagingRoot: string;
  /** The address of a raw file, as the cluster knows it. */
  readonly uriOf: (file: RawFile) => string;
  /** Reads the files that are odd. */
  readonly local: FileReader;
  /** Reads the days of `columns` in which something is odd. */
  readonly localColumns: AggregateColumns;
  readonly graceMs: number;
  /** That a query may come to. */
  readonly mostResultRows: number;
}

export interface FileWork {
  readonly file: RawFile;
  readonly meter: ByteMeter;
  look: FileLook | null;
  planned: PlannedFile | null;
}

export interface DayWork {
  readonly job: EngineJob;
  readonly files: readonly FileWork[];
}

/** So many bytes were read of the files, in their order. */
export function spread(bytes: number, files: readonly FileWork[]): void {
  let left = bytes;
  for (const { file, meter } of files) {
    if (left <= 0) return;
    meter.reach(Math.min(left, file.sizeBytes));
    left -= file.sizeBytes;
  }
}

/** The cluster must see the file that lies here; else nothing that it says counts. */
export function refuseOther({ file }: PlannedFile, { sizeBytes, trouble }: SeenFile): void {
  if (sizeBytes === null) {
    throw new Error(`Spark finds no file ${file.name} where DAYMARK_SPARK_RAW_ROOT points`);
  }
  if (trouble !== null && file.form.compression === 'none') {
    throw new Error(`Spark cannot read ${file.name}: ${trouble.split('\n')[0]}`);
  }
  if (sizeBytes !== file.sizeBytes) {
    const there = `${sizeBytes} bytes for Spark and ${file.sizeBytes} here`;
    throw new Error(`${file.name} has ${there}: DAYMARK_SPARK_RAW_ROOT shows another file`);
  }
}

/** It has a header at least: to read it here again would hide that the cluster does not work. */
export function refuseUnseen({ file }: PlannedFile, { trouble, lines }: SeenFile): void {
  if (trouble === null && Object.keys(lines).length === 0) {
    throw new Error(`Spark saw no line of ${file.name}, which is not empty`);
  }
}
