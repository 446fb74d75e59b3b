import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TempDir {
  readonly path: string;
  remove(): Promise<void>;
}

/** A new empty folder that is removed when the test that asks for it has finished. */
export async function makeTempDir(): Promise<string> {
  const dir = await openTempDir();
  onTestFinished(() => dir.remove());
  return dir.path;
}

/** The same for hooks and other places outside a test: the caller removes it. */
export async function openTempDir(): Promise<TempDir> {
  // Links are resolved, because some systems keep their temporary folder behind one.
  const path = await mkdtemp(join(await realpath(tmpdir()), 'daymark-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
