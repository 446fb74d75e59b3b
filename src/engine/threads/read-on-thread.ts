import type { FileReader } from '../day-result.js';
import { soFar } from './read-task.js';
import { thrownBy } from './thread-failure.js';
import type { Threads } from './thread-pool.js';

/**
 * The reference, on a thread of `pool`: rows are parsed where they cannot hold up requests. A file goes with the sums
 * of the files before it, so that errors are the same as on a single thread.
 */
export function readOnThread(pool: Threads): FileReader {
  return async (file, { day, definition, signal, onBytes }, tally, log) => {
    const task = { file, day, definition, ...soFar(tally, log) };
    const outcome = await pool.run('read', task, { signal, ...(onBytes && { onBytes }) });
    signal.throwIfAborted();
    if (outcome.kind !== 'read') throw thrownBy(outcome);
    tally.become(outcome.sums);
    log.become(outcome.problems);
    return outcome.reading;
  };
}
