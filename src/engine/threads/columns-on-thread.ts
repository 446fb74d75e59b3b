import type { AggregateColumns } from '../csv/columns/aggregate-columns.js';
import { unpackRows } from './packed-rows.js';
import { thrownBy } from './thread-failure.js';
import type { Threads } from './thread-pool.js';

/** The reference of `columns`, on a thread of `pool`: a day at a time, since its groups grow with each file. */
export function columnsOnThread(pool: Threads): AggregateColumns {
  return async ({ signal, onBytes, day, files, complete, definition }) => {
    const task = { day, files, complete, definition };
    const outcome = await pool.run('columns', task, { signal, ...(onBytes && { onBytes }) });
    signal.throwIfAborted();
    if (outcome.kind !== 'read') throw thrownBy(outcome);
    if (outcome.day.kind === 'rejected') return outcome.day;
    const { packed, ...rest } = outcome.day;
    const { by, measures } = definition;
    return { ...rest, rows: await unpackRows(packed, by.length, measures.length) };
  };
}
