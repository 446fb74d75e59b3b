/** The scan engine in many sizes, beside the reference: whatever the files, all must say the same. */
import { afterAll, expect } from 'vitest';
import type { RawFile } from '../../src/core/ports/raw.js';
import { readCsvFile } from '../../src/engine/csv/csv-file.js';
import { createCsvEngine } from '../../src/engine/csv/engine.js';
import { createScanEngine } from '../../src/engine/scan/engine.js';
import type { Tuning } from '../../src/engine/scan/tuning.js';
import { ThreadPool } from '../../src/engine/threads/thread-pool.js';
import { type JobOptions, jobOver } from './job.js';

/** Sizes such that borders fall everywhere; with 1, into every byte. */
export const tiniest: readonly Tuning[] = [
  { pooledFromBytes: 0, stretchBytes: 1, blockBytes: 1 },
  { pooledFromBytes: 0, stretchBytes: 3, blockBytes: 2 },
  { pooledFromBytes: 0, stretchBytes: 17, blockBytes: 64 },
  { pooledFromBytes: 0, stretchBytes: 64, blockBytes: 5 },
  { pooledFromBytes: 1_000_000, stretchBytes: 64, blockBytes: 7 },
  { pooledFromBytes: 1_000_000, stretchBytes: 64, blockBytes: 4096 },
];

/** Sizes for files that are large themselves. */
export const small: readonly Tuning[] = [
  { pooledFromBytes: 0, stretchBytes: 65_536, blockBytes: 4096 },
  { pooledFromBytes: 0, stretchBytes: 10_007, blockBytes: 300_000 },
  { pooledFromBytes: 1_000_000_000, stretchBytes: 1, blockBytes: 65_536 },
];

/** For a test file: its threads end with it. */
export function createScanFamily(tunings = tiniest) {
  const read = { files: 0, handedOn: 0 };
  const csv = createCsvEngine();
  const scans = tunings.map((tuning, index) => ({
    tuning: JSON.stringify(tuning),
    engine: createScanEngine({
      pool: new ThreadPool({ size: (index % 2) + 1 }),
      tuning,
      reference: (...file) => {
        read.handedOn += 1;
        return readCsvFile(...file);
      },
    }),
  }));
  afterAll(() => Promise.all(scans.map(({ engine }) => engine.close())));

  return {
    /** How many files were read, and how many of them by the reference. */
    read,
    /** Rows and orders, or problems: fails where they are not the same. Returns the reference's. */
    async agree(files: readonly RawFile[], options: JobOptions = {}) {
      const job = () => jobOver(files, options);
      const expected = await csv.aggregate(job());
      const outcomes = await Promise.all(scans.map(({ engine }) => engine.aggregate(job())));
      for (const [index, outcome] of outcomes.entries()) {
        expect(outcome, scans[index]?.tuning).toEqual(expected);
      }
      read.files += files.length * scans.length;
      return expected;
    },
  };
}
