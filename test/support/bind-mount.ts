/** One folder under two paths, as containers and fstab show them. Takes root, and a system that allows it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const canMount = tryMount();

if (!canMount) {
  process.stdout.write('Skipped: the tests with bind mounts, which this process may not make.\n');
}

/** Shows `folder` at `point`, which is made; until the test has finished. */
export async function bindMount(folder: string, point: string): Promise<void> {
  await mkdir(point, { recursive: true });
  execFileSync('mount', ['--bind', folder, point]);
  onTestFinished(() => {
    unmount(point);
  });
}

/** A file system of its own at `point`, which is made; until the test has finished. */
export async function mountTmpfs(point: string, options = 'rw'): Promise<void> {
  await mkdir(point, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', point]);
  onTestFinished(() => {
    unmount(point);
  });
}

function unmount(point: string): void {
  execFileSync('umount', ['--lazy', point]);
}

function tryMount(): boolean {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'daymark-mount-'));
  try {
    const point = join(folder, 'point');
    mkdirSync(point);
    execFileSync('mount', ['--bind', folder, point], { stdio: 'ignore' });
    unmount(point);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
