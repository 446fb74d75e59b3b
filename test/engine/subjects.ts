/** The engines, and what is to be tried on each of them. */
import { afterAll, describe } from 'vitest';
import type { Engine } from '../../src/core/ports/engine.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import { readOnThread } from '../../src/engine/threads/read-on-thread.js';
import { ThreadPool } from '../../src/engine/threads/thread-pool.js';

const inPool = (size: number) => new ThreadPool({ size });

export const subjects: readonly [name: string, create: () => Engine][] = [
  ['csv', () => createCsvEngine()],
  ['csv, on a thread', () => createThreadedCsv()],
  ['scan', () => createScanEngine({ reference: readCsvFile, pool: inPool(2) })],
  [
    'scan, as the service has it',
    () => {
      const pool = inPool(2);
      return createScanEngine({ reference: readOnThread(pool), pool });
    },
  ],
  [
    'scan, with every file cut small for its threads',
    () =>
      createScanEngine({
        reference: readCsvFile,
        pool: inPool(2),
        tuning: { pooledFromBytes: 0, stretchBytes: 509, blockBytes: 211 },
      }),
  ],
];

/** As the service has it, but with a thread of its own. */
export function createThreadedCsv(pool = inPool(1)): Engine {
  return { ...createCsvEngine(readOnThread(pool)), close: () => pool.close() };
}

export function describeEngines(promise: (engine: Engine) => void): void {
  describe.each(subjects)('the engine %s', (_, create) => {
    const engine = create();
    afterAll(() => engine.close());
    promise(engine);
  });
}
