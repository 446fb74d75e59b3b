import type { RawFile } from '../../core/ports/raw.js';
import type { FileJob } from '../day-result.js';
import type { FileSums } from '../tally.js';
import type { TextSize } from '../text-meter.js';
import type { Threads } from '../threads/thread-pool.js';
import type { TableSums } from './kernel/kernel.js';
import type { KernelShelf } from './kernel-shelf.js';
import { scanText } from './scan-text.js';
import { openTable } from './table.js';
import { isForKernels } from './table-plan.js';
import type { Tuning } from './tuning.js';

export interface ScanMeans {
  readonly pool: Threads;
  readonly kernels: KernelShelf;
  readonly tuning: Tuning;
}

export interface ScannedSums {
  readonly sums: FileSums;
  readonly text: TextSize;
}

/** Adds up one file. As `scanText` otherwise. */
export async function scanFile(
  file: RawFile,
  job: FileJob,
  { pool, kernels, tuning }: ScanMeans,
): Promise<ScannedSums | null> {
  if (!isForKernels(job.definition)) return null;
  const scanned = await scanText(file, job, {
    open: (chunks) => openTable(chunks, job),
    threads: { size: pool.size, run: (scan, signals) => pool.run('scan', scan, signals) },
    ...{ kernels, tuning },
  });
  if (scanned === null) return null;
  const { opened, sums, text } = scanned;
  return { sums: { ...sums.reduce(added), categories: opened.categories }, text };
}

function added(a: TableSums, b: TableSums): TableSums {
  return {
    records: a.records + b.records,
    sums: a.sums.map((sum, index) => sum + (b.sums[index] as number)),
  };
}
