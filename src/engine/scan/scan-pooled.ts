import type { EngineJob } from '../../core/ports/engine.js';
import { control, type FileScan, type ScanOutcome } from './stretch.js';

/** Sends a scan to a thread. */
export type RunScan<Plan, Sums> = (
  scan: FileScan<Plan>,
  signals: Pick<EngineJob, 'signal' | 'onBytes'>,
) => Promise<ScanOutcome<Sums>>;

export interface PooledThreads<Plan, Sums> {
  readonly size: number;
  readonly run: RunScan<Plan, Sums>;
}

/**
 * Scans a file with as many threads as it has stretches for. Null where it is odd. Settles once no thread
 * reads the file any more, so that it can be closed; throws the signal's reason, or what broke a thread.
 */
export async function scanPooled<Plan, Sums>(
  file: Omit<FileScan<Plan>, 'control'>,
  { signal, onBytes }: Pick<EngineJob, 'signal' | 'onBytes'>,
  threads: PooledThreads<Plan, Sums>,
): Promise<readonly Sums[] | null> {
  signal.throwIfAborted();
  onBytes?.(file.from);
  const shared = new Int32Array(new SharedArrayBuffer(4 * control.places));
  const scan = { ...file, control: shared };
  const stop = () => Atomics.store(shared, control.stop, 1);
  signal.addEventListener('abort', stop);
  const job = { signal, ...(onBytes && { onBytes }) };
  const runs = Array.from({ length: threadsFor(file, threads.size) }, () => threads.run(scan, job));
  // Where a thread died, the result of the others is no longer wanted.
  for (const run of runs) run.catch(stop);
  const settled = await Promise.allSettled(runs);
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  const outcomes = settled.map(outcomeOf);
  const sums = outcomes.flatMap((each) => (each.kind === 'scanned' ? [each.sums] : []));
  return sums.length === outcomes.length ? sums : null;
}

type Stretches = Pick<FileScan, 'from' | 'to' | 'tuning'>;

function threadsFor({ from, to, tuning }: Stretches, most: number): number {
  const stretches = Math.ceil((to - from) / tuning.stretchBytes);
  return Math.max(1, Math.min(stretches, most));
}

function outcomeOf<Outcome>(result: PromiseSettledResult<Outcome>): Outcome {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
