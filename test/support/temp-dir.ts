import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

export interface TempDir {
  readonly path: string;
  remove(): Promise<void>;
}

/** Null where each folder goes with its test. */
let kept: TempDir[] | null = null;

/**
 * For files whose tests run side by side, where Vitest cannot tell which of them asks: from here on folders
 * stay until the file has finished. To be called outside tests.
 */
export function keepTempDirs(): void {
  kept = [];
  afterAll(async () => {
    for (const dir of kept ?? []) await dir.remove();
  });
}

/** A new empty folder that is removed when the test that asks for it has finished. */
export async function makeTempDir(): Promise<string> {
  const dir = await openTempDir();
  if (kept === null) onTestFinished(() => dir.remove());
  else kept.push(dir);
  return dir.path;
}

/** The same for hooks and other places outside a test: the caller removes it. */
export async function openTempDir(): Promise<TempDir> {
  // Links are resolved, because some systems keep their temporary folder behind one.
  const path = await mkdtemp(join(await realpath(tmpdir()), 'daymark-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
