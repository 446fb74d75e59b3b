import type { FileJob } from '../day-result.js';
import type { ThreadPool } from '../threads/thread-pool.js';
import type { TableSums } from './kernel/kernel.js';
import { control, type FileScan, type ScanOutcome } from './stretch.js';
import type { Table } from './table.js';
import type { Tuning } from './tuning.js';

export interface PooledFile {
  readonly fd: number;
  readonly table: Table;
  /** Where the file ends. */
  readonly to: number;
}

/**
 * Adds up a file with as many threads as it has stretches for. Null where it is odd. Settles once no thread
 * reads the file any more, so that it can be closed; throws the signal's reason, or what broke a thread.
 */
export async function scanPooled(
  { fd, table, to }: PooledFile,
  { signal, onBytes }: Pick<FileJob, 'signal' | 'onBytes'>,
  { pool, tuning }: { readonly pool: ThreadPool; readonly tuning: Tuning },
): Promise<TableSums | null> {
  signal.throwIfAborted();
  onBytes?.(table.rowsAt);
  const shared = new Int32Array(new SharedArrayBuffer(4 * control.places));
  const scan = { fd, plan: table.plan, from: table.rowsAt, to, control: shared, tuning };
  const stop = () => Atomics.store(shared, control.stop, 1);
  signal.addEventListener('abort', stop);
  const job = { signal, ...(onBytes && { onBytes }) };
  const runs = Array.from({ length: threadsFor(scan, pool.size) }, () =>
    pool.run('scan', scan, job),
  );
  // Where a thread died, the result of the others is no longer wanted.
  for (const run of runs) run.catch(stop);
  const settled = await Promise.allSettled(runs);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return sumOf(settled.map(outcomeOf));
}

function threadsFor({ from, to, tuning }: FileScan, most: number): number {
  const stretches = Math.ceil((to - from) / tuning.stretchBytes);
  return Math.max(1, Math.min(stretches, most));
}

function outcomeOf(result: PromiseSettledResult<ScanOutcome>): ScanOutcome {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function sumOf(outcomes: readonly ScanOutcome[]): TableSums | null {
  let total: TableSums | null = null;
  for (const outcome of outcomes) {
    if (outcome.kind !== 'scanned') return null;
    total = total === null ? outcome.sums : added(total, outcome.sums);
  }
  return total;
}

function added(a: TableSums, b: TableSums): TableSums {
  return {
    records: a.records + b.records,
    sums: a.sums.map((sum, index) => sum + (b.sums[index] as number)),
  };
}
