import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, expect } from 'vitest';
import {
  createDuckDb,
  type DuckDbSettings,
  type WatchedDuckDb,
} from '../../../src/engine/duckdb/child-process.js';
import { DuckFailure, type DuckQuery } from '../../../src/engine/duckdb/duckdb.js';

const open: WatchedDuckDb[] = [];

afterEach(async () => {
  for (const duckdb of open.splice(0)) await duckdb.close();
});

/** Closed after the test. */
export function openDuckDb(settings: Partial<DuckDbSettings> = {}): WatchedDuckDb {
  const duckdb = createDuckDb({ memoryBytes: 512 * 2 ** 20, threads: 2, atOnce: 1, ...settings });
  open.push(duckdb);
  return duckdb;
}

export const fakeDuck = new URL('./fake-duck.mjs', import.meta.url);

export function never(): AbortSignal {
  return new AbortController().signal;
}

export function query(select: string, ...files: string[]): DuckQuery {
  return { files, select };
}

/** What is thrown; a failure of the test if nothing is. */
export async function thrownBy(action: Promise<unknown>): Promise<Error> {
  const error = await action.then(
    (value) => new Error(`it resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

export async function failureOf(action: Promise<unknown>): Promise<DuckFailure> {
  const error = await thrownBy(action);
  if (!(error instanceof DuckFailure)) throw error;
  return error;
}

/** One that ended and was not asked for yet is gone, too. */
export function isGone(pid: number): boolean {
  if (!existsSync(`/proc/${pid}`)) return true;
  return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}

/** 0 for one that is gone. */
export function rssBytesOf(pid: number): number {
  if (isGone(pid)) return 0;
  const [, kib = ''] =
    /^VmRSS:\s+([0-9]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

export function groupOf(pid: number): string {
  return execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
}

/** Its arguments end with its folder. */
export function folderOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').at(-2) ?? '';
}

/** Of millions of rows, and more than a test waits for. */
export const endless =
  'SELECT count(*)::VARCHAR FROM range(1000000000000) t(i) WHERE hash(i) % 7 = 3';
