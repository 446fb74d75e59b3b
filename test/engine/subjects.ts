/** The engines, and what is to be tried on each of them. */
import { afterAll, describe } from 'vitest';
import type { Engine } from '../../src/core/ports.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';

export const subjects: readonly [name: string, create: () => Engine][] = [
  ['csv', createCsvEngine],
  ['scan', () => createScanEngine({ reference: readCsvFile, workers: 2 })],
  [
    'scan, with every file cut small for its threads',
    () =>
      createScanEngine({
        reference: readCsvFile,
        workers: 2,
        tuning: { pooledFromBytes: 0, stretchBytes: 509, blockBytes: 211 },
      }),
  ],
];

export function describeEngines(promise: (engine: Engine) => void): void {
  describe.each(subjects)('the engine %s', (_, create) => {
    const engine = create();
    afterAll(() => engine.close());
    promise(engine);
  });
}
