/** The check, over files written for a test. */
import { afterAll } from 'vitest';
import type { RawFile } from '../../../../src/core/ports/raw.js';
import {
  type CheckPlain,
  createPlainCheck,
} from '../../../../src/engine/duckdb/plain/check-plain.js';
import { type Tuning, usualTuning } from '../../../../src/engine/scan/tuning.js';
import { ThreadPool } from '../../../../src/engine/threads/thread-pool.js';
import type { ColumnsDefinition } from '../../../../src/model/columns-definition.js';
import type { Day } from '../../../../src/model/day.js';
import { type Contents, writeFiles } from '../../job.js';

export const day = '2026-11-23' as Day;

/** To be called once, outside tests: all checks of a test file share the threads. */
export function openChecks(): (tuning?: Tuning) => CheckPlain {
  const pool = new ThreadPool({ size: 2 });
  afterAll(() => pool.close());
  return (tuning = usualTuning) => createPlainCheck(pool, tuning);
}

export const jobOf = (definition: ColumnsDefinition) => ({
  ...{ day, definition, signal: new AbortController().signal },
});

export async function written(name: string, content: Contents[string]): Promise<RawFile> {
  return (await writeFiles({ [name]: content }))[0] as RawFile;
}

/** Threads take 7 bytes at a time. */
export const tiny: Tuning = { pooledFromBytes: 0, stretchBytes: 7, blockBytes: 5 };
