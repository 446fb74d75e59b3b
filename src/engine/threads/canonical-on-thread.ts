import type { WriteCanonical } from '../duckdb/sql/canonical-rows.js';
import { thrownBy } from './thread-failure.js';
import type { Threads } from './thread-pool.js';

/** On a thread of `pool`. */
export function canonicalOnThread(pool: Threads): WriteCanonical {
  return async (task, { signal, onBytes }) => {
    const outcome = await pool.run('canonical', task, { signal, ...(onBytes && { onBytes }) });
    signal.throwIfAborted();
    if (outcome.kind !== 'written') throw thrownBy(outcome);
    return outcome.rows;
  };
}
