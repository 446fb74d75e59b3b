import type { FileReader } from '../day-result.js';
import { soFar } from './read-task.js';
import { thrownBy } from './thread-failure.js';
import type { ThreadPool } from './thread-pool.js';

/**
 * The reference, on a thread of `pool`: rows are parsed where they hold no request up, whatever they are.
 * The sums of the files before it go with a file, so that it is found wrong where it would be on one thread.
 */
export function readOnThread(pool: ThreadPool): FileReader {
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
